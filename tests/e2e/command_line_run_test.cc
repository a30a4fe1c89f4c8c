// What the options of `run` refuse, and where something is missing. No VM.
#include <gmock/gmock.h>
#include <unistd.h>

#include "harness/base/file.h"
#include "tests/e2e/command_line.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST_F(CommandLine, ShowsARuleThatIsRight) {
  EXPECT_THAT(run_refusal({account.skill("plain"), "--allow", "https://example.com"}, kUsage),
              AllOf(HasSubstr("'https://example.com'"), HasSubstr("GET https://example.com/")));
}

TEST_F(CommandLine, PutsFileLineAndColumnBeforeAFaultInThePolicy) {
  const fs::path policy = account.home() / "policy.yaml";
  write_file(policy, "rules:\n  - GET https://example.com/*\n  - GETT example\n");
  EXPECT_THAT(run_refusal({account.skill("plain"), "--policy", policy}, kUsage),
              StartsWith(policy.string() + ":3:5: the network rule 'GETT example' is invalid"));
  write_file(policy, "rulez: []\n");
  EXPECT_EQ(run_refusal({account.skill("plain"), "--policy", policy}, kUsage),
            policy.string() + ":1:1: unknown key 'rulez': did you mean 'rules'?");
}

TEST_F(CommandLine, NamesThePolicyFileThatIsMissing) {
  EXPECT_THAT(run_refusal({account.skill("plain"), "--policy", "missing.yaml"}, kUsage),
              StartsWith("the policy file missing.yaml does not exist"));
}

TEST_F(CommandLine, NamesTheOperatingSystemsThatItKnows) {
  EXPECT_EQ(run_refusal({account.skill("plain"), "--os", "windows-11"}, kUsage),
            "unknown operating system 'windows-11': skillaudit can build debian-12, debian-13");
  EXPECT_EQ(run_refusal({account.skill("plain"), "--os", "debian-12,windows-11"}, kUsage),
            "unknown operating system 'windows-11': skillaudit can build debian-12, debian-13");
  EXPECT_THAT(refusal({"image", "rm", "windows-11"}, kUsage),
              StartsWith("unknown image 'windows-11': "));
}

TEST_F(CommandLine, AsksForSystemsByTheirNamesEachOnce) {
  for (const char* list : {"", ",", "debian-12,", ",debian-12"})
    EXPECT_EQ(run_refusal({account.skill("plain"), "--os", list}, kUsage),
              "--os is '" + std::string(list) +
                  "': give names separated by commas, such as debian-12,debian-13");
  EXPECT_EQ(run_refusal({account.skill("plain"), "--os", "debian-12,debian-12"}, kUsage),
            "--os names debian-12 twice");
}

TEST_F(CommandLine, SaysHowManyAuditsItMakesAtOnce) {
  for (const char* jobs : {"0", "-1", "65", "99999999999999999999", "two", "1.5", "2 "})
    EXPECT_THAT(run_refusal({account.skill("plain"), std::string("--jobs=") + jobs}, kUsage),
                AllOf(StartsWith("--jobs is '"), EndsWith("': give a whole number from 1 to 64")))
        << jobs;
}

TEST_F(CommandLine, SaysHowOftenItRepeatsAnAudit) {
  for (const char* repeat : {"0", "1", "-2", "101", "often"})
    EXPECT_EQ(run_refusal({account.skill("plain"), "--repeat", repeat}, kUsage),
              "--repeat is '" + std::string(repeat) + "': give a whole number from 2 to 100");
}

TEST_F(CommandLine, OptionsOfAnAgentWantTheAgent) {
  const fs::path skill = account.skill("plain");
  for (const auto& option : std::vector<std::vector<std::string>>{{"--prompt", "Go on."},
                                                                  {"--model", "obedient"},
                                                                  {"--model-script", "x.yaml"},
                                                                  {"--record", "x.json"},
                                                                  {"--replay", "x.json"}})
    EXPECT_EQ(run_refusal({skill, option[0], option[1]}, kUsage),
              "--prompt, --model, --model-script, --record and --replay need an agent: add "
              "--agent NAME (claude, codex, gemini, opencode)")
        << option[0];
}

TEST_F(CommandLine, RefusesSurroundingsThatCannotBe) {
  const fs::path skill = account.skill("plain");
  const auto refused = [&](const std::string& option, const std::string& value) {
    return run_refusal({skill, option, value}, kUsage);
  };
  EXPECT_EQ(refused("--env", "REGION"), "--env REGION: write NAME=VALUE");
  EXPECT_EQ(refused("--env", "A-B=c"),
            "--env: `A-B` is not a name of a variable: use letters, digits and underscores");
  EXPECT_THAT(refused("--package", "jq;id"), HasSubstr("`jq;id` is not a name of a package"));
  EXPECT_THAT(refused("--file", "nothing"), HasSubstr("there is no file nothing on this machine"));
  EXPECT_THAT(refused("--arg", "scripts/a.sh"), HasSubstr("write 'PROGRAM=ARGUMENTS'"));
  EXPECT_THAT(refused("--arg", "scripts/none.sh=x"),
              HasSubstr("`scripts/none.sh` is not a file of"));
  EXPECT_THAT(refused("--stdin", "nothing"), HasSubstr("there is no file nothing"));
  EXPECT_THAT(refused("--cwd", "work"), HasSubstr("`work` is not a folder of the guest"));
  EXPECT_EQ(run_refusal({skill, "--package", "jq", "--network", "none"}, kUsage),
            "--package needs this host's mirrors: leave out --network none");
}

TEST_F(CommandLine, NamesTheAgentsThatItKnows) {
  EXPECT_EQ(run_refusal({account.skill("plain"), "--agent", "cursor"}, kUsage),
            "unknown agent 'cursor': skillaudit knows claude, codex, gemini, opencode");
  EXPECT_EQ(refusal({"image", "build", "--agent", "cursor"}, kUsage),
            "unknown agent 'cursor': skillaudit knows claude, codex, gemini, opencode");
}

TEST_F(CommandLine, TakesOneModelForAnAgent) {
  const fs::path skill = account.skill("plain");
  const std::string one_of =
      "--model, --model-script and --replay all choose the model: give only one of them";
  EXPECT_EQ(run_refusal({skill, "--agent", "claude", "--model", "live", "--replay", "r"}, kUsage),
            one_of);
  EXPECT_EQ(
      run_refusal({skill, "--agent", "claude", "--model-script", "s", "--replay", "r"}, kUsage),
      one_of);
  EXPECT_THAT(run_refusal({skill, "--agent", "claude", "--model", "clever"}, kUsage),
              AllOf(HasSubstr("--model"), HasSubstr("obedient"), HasSubstr("live")));
}

TEST_F(CommandLine, NamesTheVariableThatHoldsTheKeyOfALiveModel) {
  account.set("ANTHROPIC_API_KEY", "");
  EXPECT_EQ(run_refusal({account.skill("plain"), "--agent", "claude", "--model", "live"}, kUsage),
            "--model live needs a key: set ANTHROPIC_API_KEY in the environment, or use --model "
            "obedient");
}

TEST_F(CommandLine, TakesCommandsOrAnAgent) {
  EXPECT_EQ(run_refusal({account.skill("plain"), "--agent", "codex", "--cmd", "ls"}, kUsage),
            "--cmd and --agent are alternative ways to run the skill: give only one of them");
}

TEST_F(CommandLine, RefusesAPromptThatSaysNothing) {
  EXPECT_EQ(run_refusal({account.skill("plain"), "--agent", "codex", "--model", "obedient",
                         "--prompt", "  "},
                        kUsage),
            "--prompt is empty: give a user's request to the agent");
}

TEST_F(CommandLine, RecordsOneAuditAtATime) {
  EXPECT_EQ(run_refusal({account.skill("one"), account.skill("two"), "--agent", "codex", "--model",
                         "obedient", "--record", "r.json"},
                        kUsage),
            "--record writes one recording, but these are 2 audits: run them one at a time");
}

TEST_F(CommandLine, PutsFileLineAndColumnBeforeAFaultInAModelScript) {
  const fs::path script = account.home() / "script.yaml";
  const std::vector<std::string> call = {account.skill("plain"), "--agent", "claude",
                                         "--model-script", script};
  EXPECT_THAT(run_refusal(call, kUsage), HasSubstr(script.string()));
  write_file(script, "steps:\n  - reply: {txt: hello}\n");
  EXPECT_THAT(run_refusal(call, kUsage),
              AllOf(StartsWith(script.string() + ":2:13: "), HasSubstr("`txt`"),
                    HasSubstr("did you mean `text`?")));
}

TEST_F(CommandLine, SaysWhatIsWrongWithARecording) {
  const fs::path recording = account.home() / "recording.json";
  const std::vector<std::string> call = {account.skill("plain"), "--agent", "claude", "--replay",
                                         recording};
  EXPECT_THAT(run_refusal(call, kUsage), HasSubstr(recording.string()));
  for (const char* text : {"", "{", "[]", "{\"version\": 99}"}) {
    write_file(recording, text);
    EXPECT_THAT(run_refusal(call, kUsage), HasSubstr(recording.string())) << text;
  }
}

TEST_F(CommandLine, AComparisonThatIsThereIsNotOverwritten) {
  write_file(account.home() / "comparison.md", "precious");
  EXPECT_EQ(
      run_refusal({account.skill("plain"), "--os", "debian-12,debian-13", "--out", account.home()},
                  kUsage),
      (account.home() / "comparison.md").string() +
          " already exists: give --out a new folder; nothing is overwritten");
}

TEST_F(CommandLine, SaysHowMuchSpaceIsMissingAndWhere) {
  // A file system of this process alone, gone when it ends.
  std::vector<std::string> launcher = {"unshare"};
  if (::geteuid() != 0) launcher.emplace_back("--map-root-user");
  const fs::path small = account.cache().parent_path();
  launcher.insert(launcher.end(), {"--mount", "sh", "-c",
                                   "mount -t tmpfs -o size=8m none \"$0\" && exec \"$@\"", small});
  EXPECT_THAT(run_refusal({account.skill("plain")}, kEnvironment, launcher),
              AllOf(HasSubstr("needs 4.0 GiB in " + account.cache().string()),
                    HasSubstr("8.0 MiB is free"), HasSubstr("XDG_CACHE_HOME")));
}

TEST_F(CommandLine, OverwritesNothing) {
  const fs::path bundle = account.home() / "bundle";
  fs::create_directories(bundle);
  write_file(bundle / "notes.txt", "mine");
  EXPECT_EQ(run_refusal({account.skill("plain"), "--out", bundle}, kUsage),
            bundle.string() + " already exists: give --out a new folder; nothing is overwritten");
  EXPECT_EQ(run_refusal({account.skill("plain"), "--out", bundle / "notes.txt"}, kUsage),
            (bundle / "notes.txt").string() +
                " already exists: give --out a new folder; nothing is overwritten");
  EXPECT_EQ(read_file(bundle / "notes.txt"), "mine");
}

TEST_F(CommandLine, NamesThePlaceWhereTheBundleCannotBe) {
  const fs::path file = account.home() / "file";
  write_file(file, "mine");
  EXPECT_THAT(run_refusal({account.skill("plain"), "--out", file / "bundle"}, kUsage),
              AllOf(HasSubstr(file.string()), HasSubstr("Not a directory")));
}

TEST_F(CommandLine, NamesThePackageThatBringsQemu) {
  account.set("PATH", programs_without("qemu-system-x86"));
  EXPECT_THAT(run_refusal({account.skill("plain")}, kEnvironment),
              AllOf(HasSubstr("qemu-system-x86_64 is not installed"),
                    HasSubstr("apt-get install qemu-system-x86")));
}

TEST_F(CommandLine, NamesAllThatIsMissingAtOnce) {
  account.set("PATH", account.home());
  EXPECT_THAT(run_refusal({account.skill("plain")}, kEnvironment),
              AllOf(HasSubstr("qemu-system-x86 "), HasSubstr("qemu-utils"), HasSubstr("mitmproxy"),
                    HasSubstr("socat"), HasSubstr("xorriso")));
}

TEST_F(CommandLine, WantsATimeLimitThatIsOne) {
  for (const char* limit : {"0", "-1", "nan", "inf", "1e300"})
    EXPECT_THAT(run_refusal({account.skill("plain"), "--timeout", limit}, kUsage),
                AllOf(StartsWith("--timeout is "), HasSubstr("above 0")))
        << limit;
  EXPECT_THAT(run_refusal({account.skill("plain"), "--timeout", "soon"}, kUsage),
              AllOf(HasSubstr("--timeout"), HasSubstr("soon")));
}

TEST_F(CommandLine, NamesTheGrades) {
  EXPECT_THAT(run_refusal({account.skill("plain"), "--fail-under", "Z"}, kUsage),
              AllOf(HasSubstr("--fail-under"), HasSubstr("{A,B,C,D,F}")));
  EXPECT_THAT(run_refusal({account.skill("plain"), "--fail-under-coverage", "101"}, kUsage),
              HasSubstr("--fail-under-coverage is '101': give a percentage from 0 to 100"));
}

}  // namespace
}  // namespace skillaudit
