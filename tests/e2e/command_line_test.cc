// What the program says and does when it is called wrongly, or where something is missing. No VM.
#include <gmock/gmock.h>

#include <regex>

#include "harness/base/file.h"
#include "harness/base/text.h"
#include "tests/e2e/command_line.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

TEST_F(CommandLine, NamesTheUnknownOptionAndWhereTheKnownOnesStand) {
  const CommandResult result = account.run({"run", account.skill("plain"), "--netwrok", "none"});
  EXPECT_EQ(result.exit_code, kUsage);
  EXPECT_THAT(result.err, AllOf(HasSubstr("--netwrok"), HasSubstr("skillaudit run --help")));
  EXPECT_THAT(account.left_behind(), IsEmpty());
}

TEST_F(CommandLine, ProposesTheCommandThatWasMeant) {
  EXPECT_THAT(refusal({"reprot", "my-bundle"}, kUsage),
              AllOf(HasSubstr("'reprot'"), HasSubstr("did you mean 'report'?")));
}

TEST_F(CommandLine, NamesTheCommandsWhereNoneIsNear) {
  EXPECT_THAT(
      refusal({"frobnicate"}, kUsage),
      AllOf(
          HasSubstr("'frobnicate'"),
          HasSubstr(
              "run, test, report, gate, explain, image, vm, doctor, completion, manual, version")));
}

TEST_F(CommandLine, AsksForACommand) {
  EXPECT_THAT(
      refusal({}, kUsage),
      HasSubstr(
          "run, test, report, gate, explain, image, vm, doctor, completion, manual, version"));
}

TEST_F(CommandLine, AsksForTheSkill) { EXPECT_THAT(refusal({"run"}, kUsage), HasSubstr("SKILL")); }

TEST_F(CommandLine, TakesNoPathForTheNameOfAnImage) {
  EXPECT_THAT(run_refusal({account.skill("plain"), "--os", "../debian-12"}, kUsage),
              StartsWith("'../debian-12' cannot name an image: "));
}

TEST_F(CommandLine, SaysHowToMendADamagedImage) {
  const fs::path images = account.cache() / "images";
  fs::create_directories(images / "0123456789abcdef");
  for (
      const char* entry :
      {"{\"id\":", "[]", R"({"id": 7})",
       R"({"id": "0123456789abcdef", "files": [{"name": "disk.qcow2", "size": 9}]})",
       R"({"id": "0123456789abcdef", "files": [{"name": "disk.qcow2", "size": 7, "sha256": "0"}]})",
       R"({"id": "0123456789abcdef", "files": [{"name": 7}]})",
       R"({"id": "0123456789abcdef", "files": {"disk.qcow2": 7}})"}) {
    write_file(images / "debian-12.json", entry);
    fs::create_directories(images / "0123456789abcdef");
    write_file(images / "0123456789abcdef/disk.qcow2", "cut sho");
    EXPECT_THAT(run_refusal({account.skill("plain")}, kEnvironment),
                AllOf(StartsWith("the image debian-12 in " + images.string() + " is damaged ("),
                      HasSubstr("`skillaudit image rm debian-12`")))
        << entry;
    const CommandResult removed = account.run({"image", "rm", "debian-12"});
    EXPECT_EQ(removed.exit_code, 0) << entry << removed.err;
    EXPECT_THAT(account.run({"image", "list"}).out, HasSubstr("No image exists yet"));
  }
}

TEST_F(CommandLine, ReportsNoBundleThatIsNotThere) {
  EXPECT_EQ(refusal({"report", "missing"}, kUsage),
            "the bundle missing does not exist: give the folder that `skillaudit run` wrote");
}

TEST_F(CommandLine, ReportsNoBundleThatIsHalfWritten) {
  const fs::path bundle = account.home() / "bundle";
  fs::create_directories(bundle);
  write_file(bundle / "audit.json", "{}");
  EXPECT_EQ(refusal({"report", bundle}, kSkill),
            bundle.string() +
                " is not a complete bundle: it has no manifest.json, which an audit writes last");
}

TEST_F(CommandLine, ReportsNoBundleThatWasChanged) {
  const fs::path bundle = account.home() / "bundle";
  fs::create_directories(bundle);
  write_file(bundle / "audit.json", "{}");
  write_file(bundle / "manifest.json",
             R"({"schema_version": 2, "files": [{"path": "audit.json", "size": 2, "sha256": ")" +
                 std::string(64, '0') + R"("}]})");
  EXPECT_EQ(
      refusal({"report", bundle}, kSkill),
      "the bundle " + bundle.string() + " was changed after the audit: audit.json was changed");
}

TEST_F(CommandLine, SaysHowOneComesToHaveAVm) {
  for (const char* command : {"ssh", "reset", "rollback", "rm"})
    EXPECT_THAT(refusal({"vm", command}, kUsage),
                AllOf(HasSubstr("skillaudit vm start"), HasSubstr("--keep always")))
        << command;
  EXPECT_THAT(refusal({"vm", "stop"}, kUsage), HasSubstr("no VM is running"));
  EXPECT_THAT(refusal({"vm", "ssh", "--", "ls"}, kUsage), HasSubstr("there is no VM"));
}

TEST_F(CommandLine, SharesAFolderThatThereIs) {
  const fs::path file = account.home() / "file";
  write_file(file, "");
  EXPECT_THAT(refusal({"vm", "start", "--share", account.home() / "none"}, kUsage),
              AllOf(HasSubstr("does not exist"), HasSubstr("none")));
  EXPECT_THAT(refusal({"vm", "start", "--share", file}, kUsage), HasSubstr("is not a folder"));
}

TEST_F(CommandLine, TakesNoPathForTheNameOfAVm) {
  EXPECT_THAT(refusal({"vm", "start", "--name", "../x"}, kUsage), HasSubstr("cannot name a VM"));
}

TEST_F(CommandLine, ShowsExamplesOfEveryCommand) {
  for (const char* command :
       {"run",        "test",        "report",   "report diff", "gate",         "explain",
        "completion", "manual",      "image",    "image build", "image import", "image list",
        "image rm",   "vm",          "vm start", "vm ssh",      "vm list",      "vm stop",
        "vm reset",   "vm rollback", "vm rm",    "doctor",      "version"}) {
    std::vector<std::string> arguments;
    for (const std::string_view word : split(command, ' ')) arguments.emplace_back(word);
    arguments.emplace_back("--help");
    const CommandResult result = account.run(arguments);
    EXPECT_EQ(result.exit_code, 0) << command;
    EXPECT_EQ(result.err, "") << command;
    const std::size_t examples = result.out.find("\nExample");
    ASSERT_NE(examples, std::string::npos) << command << ": " << result.out;
    EXPECT_THAT(result.out.substr(examples), HasSubstr("\n  skillaudit " + std::string(command)))
        << command;
  }
  const CommandResult all = account.run({"--help"});
  EXPECT_EQ(all.exit_code, 0);
  EXPECT_THAT(all.out, AllOf(HasSubstr("\nExamples:\n  skillaudit run my-skill"),
                             HasSubstr("Exit codes of run: 0 approved")));
}

TEST_F(CommandLine, PrintsCommandsAsItWasCalled) {
  account.set("SKILLAUDIT_CALLED_AS", "scripts/skillaudit");
  EXPECT_THAT(account.run({"image", "list"}).out, HasSubstr("`scripts/skillaudit image build`"));
  EXPECT_THAT(account.run({"vm", "ssh"}).err, HasSubstr("`scripts/skillaudit vm start`"));
  EXPECT_THAT(account.run({"run", "--nothing"}).err,
              HasSubstr("Try `scripts/skillaudit run --help`"));
  EXPECT_THAT(account.run({"report", "--help"}).out,
              AllOf(HasSubstr("Usage: scripts/skillaudit report"),
                    HasSubstr("\n  scripts/skillaudit report skillaudit-reports/")));
  EXPECT_THAT(account.run({"manual"}).out, Not(HasSubstr("scripts/skillaudit")));
  account.set("SKILLAUDIT_CALLED_AS", "/my checkout/scripts/skillaudit");
  EXPECT_THAT(account.run({"image", "list"}).out,
              HasSubstr("`'/my checkout/scripts/skillaudit' image build`"));
}

TEST_F(CommandLine, PrintsItsVersion) {
  const CommandResult result = account.run({"version"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_TRUE(std::regex_match(result.out, std::regex("skillaudit \\d+\\.\\d+\\.\\d+\n")))
      << result.out;
}

/// Every "MISSING" of doctor's table is followed by its fix, and decides the exit code.
void expect_sound_diagnosis(const CommandResult& result) {
  const std::vector<std::string_view> lines = split(result.out, '\n');
  bool missing = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!lines[i].starts_with("MISSING")) continue;
    missing = true;
    EXPECT_TRUE(i + 1 < lines.size() && trim(lines[i + 1]).starts_with("fix: ")) << lines[i];
  }
  EXPECT_EQ(result.exit_code, missing ? kEnvironment : 0) << result.out;
  EXPECT_THAT(result.out, HasSubstr(missing ? "not ready yet" : "This machine is ready"));
}

TEST_F(CommandLine, DiagnosesThisMachine) {
  const CommandResult result = account.run({"doctor"});
  expect_sound_diagnosis(result);
  EXPECT_EQ(result.err, "");
  for (const char* subject :
       {"virtualisation", "QEMU", "mitmproxy", "memory", "disk", "package mirrors", "VM images"})
    EXPECT_THAT(result.out, HasSubstr(subject));
  EXPECT_THAT(account.left_behind(), IsEmpty());
}

TEST_F(CommandLine, DiagnosesAMachineThatLacksEverything) {
  account.set("PATH", account.home());
  const CommandResult result = account.run({"doctor"});
  EXPECT_EQ(result.exit_code, kEnvironment);
  expect_sound_diagnosis(result);
  for (const char* package :
       {"qemu-system-x86", "qemu-utils", "mitmproxy", "socat", "xorriso", "mmdebstrap"})
    EXPECT_THAT(result.out, HasSubstr("fix: apt-get install " + std::string(package) + "\n"));
}

TEST_F(CommandLine, TellsTheStagesOnStderrAndNothingElseOnStdout) {
  const CommandResult result = account.run({"run", account.home() / "missing"});
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, StartsWith("Reading the skill …\nskillaudit: there is no skill at "));
}

}  // namespace
}  // namespace skillaudit
