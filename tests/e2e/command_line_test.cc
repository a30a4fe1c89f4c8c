// What the program says and does when it is called wrongly, or where something is missing. No VM.
#include <gmock/gmock.h>
#include <unistd.h>

#include <regex>

#include "harness/base/file.h"
#include "harness/base/text.h"
#include "tests/e2e/account.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::AnyOf;
using testing::Contains;
using testing::ElementsAre;
using testing::EndsWith;
using testing::Eq;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;
using testing::UnorderedElementsAre;

constexpr int kUsage = 64;
constexpr int kSkill = 65;
constexpr int kEnvironment = 69;

/// The capabilities by which root reads what its mode forbids.
const std::vector<std::string> kWithoutRootsEyes = {"setpriv",
                                                    "--bounding-set=-dac_override,-dac_read_search",
                                                    "--inh-caps=-dac_override,-dac_read_search"};

class CommandLine : public testing::Test {
 protected:
  Account account{Account::Images::None};

  /// Runs the program, which must refuse with `code`, print nothing on stdout, leave nothing behind
  /// and say why in one sentence. Returns the sentence.
  std::string refusal(const std::vector<std::string>& arguments, int code,
                      const std::vector<std::string>& launcher = {}) {
    const CommandResult result = account.run(arguments, launcher);
    EXPECT_EQ(result.exit_code, code) << result.out << result.err;
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(account.left_behind(), IsEmpty());
    return sentence_of(result);
  }
  std::string run_refusal(const std::vector<std::string>& arguments, int code,
                          const std::vector<std::string>& launcher = {}) {
    std::vector<std::string> all = {"run", "--quiet"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return refusal(all, code, launcher);
  }

  static std::string sentence_of(const CommandResult& result) {
    std::vector<std::string_view> lines = split(result.err, '\n');
    // Bad usage is followed by where to read on.
    if (lines.size() == 2 && lines[1].starts_with("Try `skillaudit ")) lines.pop_back();
    EXPECT_EQ(lines.size(), 1U) << result.err;
    if (lines.empty() || !lines[0].starts_with("skillaudit: ")) {
      ADD_FAILURE() << "it said: " << result.err;
      return {};
    }
    return std::string(lines[0].substr(std::string_view("skillaudit: ").size()));
  }

  /// A skill in `skills` with the scenarios of `audit_yaml`.
  [[nodiscard]] fs::path tested_skill(const std::string& name,
                                      const std::string& audit_yaml) const {
    const fs::path folder =
        account.skill("skills/" + name, "---\nname: " + name + "\ndescription: Text.\n---\n");
    write_file(folder / "audit.yaml", audit_yaml);
    return folder;
  }
  /// `skills/to-do` and `skills/weather` with three scenarios.
  [[nodiscard]] fs::path tested_skills() const {
    (void)tested_skill("to-do",
                       "scenarios:\n  - {name: adds one, command: x}\n"
                       "  - {name: DISABLED removes one, command: x}\n");
    (void)tested_skill("weather", "scenarios:\n  - {name: Oslo, command: x}\n");
    return account.home() / "skills";
  }
  /// What `test PATH --gtest_list_tests FLAGS` prints.
  std::string listing(const fs::path& path, const std::vector<std::string>& flags = {}) {
    std::vector<std::string> arguments = {"test", path, "--gtest_list_tests"};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    const CommandResult result = account.run(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(result.err, "");
    EXPECT_THAT(account.left_behind(), IsEmpty());
    EXPECT_FALSE(fs::exists(account.cache() / "images"));
    return result.out;
  }

  /// The tests that `test PATH FLAGS` runs, in their order. Each fails before it has a VM: its
  /// bundle would overwrite something.
  std::vector<std::string> tests_run(const fs::path& path, std::vector<std::string> flags = {}) {
    const fs::path out = account.home() / "bundles";
    for (const char* test :
         {"to_do/adds_one", "to_do/adds_one-2", "to_do/DISABLED_removes_one", "weather/Oslo"}) {
      fs::create_directories(out / test);
      write_file(out / test / "mine", "");
    }
    flags.insert(flags.begin(), {"test", path, "--quiet", "--out", out});
    const CommandResult result = account.run(flags);
    EXPECT_EQ(result.exit_code, kUsage) << result.err;
    EXPECT_THAT(result.out, HasSubstr("already exists: give --out a new folder"));
    std::vector<std::string> tests;
    for (const std::string_view line : split(result.out, '\n')) {
      if (line.starts_with("[ RUN ")) tests.emplace_back(line.substr(line.find(']') + 2));
      if (line.starts_with("[  SKIPPED ] " + (tests.empty() ? "?" : tests.back())))
        tests.pop_back();
    }
    return tests;
  }

  /// A folder with links to the programs of this machine's PATH, for use as PATH, without those
  /// whose name starts with `missing`.
  [[nodiscard]] fs::path programs_without(const std::string& missing) const {
    const fs::path folder = account.home() / "bin";
    fs::create_directories(folder);
    for (const char* source : {"/usr/bin", "/bin"})
      for (const auto& entry : fs::directory_iterator(source)) {
        const std::string name = entry.path().filename().string();
        std::error_code exists_already;
        if (!name.starts_with(missing))
          fs::create_symlink(entry.path(), folder / name, exists_already);
      }
    return folder;
  }
};

TEST_F(CommandLine, NamesTheFolderThatIsNoSkill) {
  const fs::path folder = account.home() / "empty";
  fs::create_directories(folder);
  EXPECT_EQ(
      run_refusal({folder}, kSkill),
      folder.string() +
          " has no SKILL.md, so it is not a skill: add one, or give the folder that contains it");
}

TEST_F(CommandLine, PointsAtTheFaultInTheFrontMatter) {
  const fs::path folder =
      account.skill("broken", "---\nname: broken\ndescription: one: two\n---\n");
  EXPECT_THAT(run_refusal({folder}, kSkill),
              StartsWith(folder.string() + "/SKILL.md:3:17: broken YAML: "));
}

TEST_F(CommandLine, SaysThatNameAndFolderDiffer) {
  const fs::path folder =
      account.skill("one-name", "---\nname: another-name\ndescription: Text.\n---\n");
  EXPECT_EQ(run_refusal({folder}, kSkill),
            folder.string() +
                "/SKILL.md:2:7: the skill's name is `another-name` but its folder is `one-name`: "
                "they must be the same");
}

TEST_F(CommandLine, ProposesTheFolderThatWasMeant) {
  const fs::path folder = account.skill("weather");
  EXPECT_EQ(run_refusal({account.home() / "wether"}, kSkill),
            "there is no skill at " + (account.home() / "wether").string() + ": did you mean " +
                folder.string() + "?");
}

TEST_F(CommandLine, RefusesThreeGigabytesBeforeReadingThem) {
  const fs::path folder = account.skill("large");
  write_file(folder / "model.bin", "");
  fs::resize_file(folder / "model.bin", 3ULL << 30);
  EXPECT_THAT(run_refusal({folder}, kSkill),
              AllOf(HasSubstr("has 3.0 GiB, the limit is 256 MiB"), HasSubstr("model.bin")));
}

TEST_F(CommandLine, RefusesALinkThatLeadsOutOfTheSkill) {
  const fs::path folder = account.skill("linked");
  fs::create_symlink("/etc/passwd", folder / "notes");
  EXPECT_THAT(run_refusal({folder}, kSkill),
              StartsWith("the link " + folder.string() + "/notes points out of "));
}

TEST_F(CommandLine, AsksForTheFolderWhenGivenAFile) {
  const fs::path folder = account.skill("plain");
  EXPECT_EQ(run_refusal({folder / "SKILL.md"}, kSkill),
            (folder / "SKILL.md").string() + " is a file: give its folder, " + folder.string());
}

TEST_F(CommandLine, NamesTheFileThatItMayNotRead) {
  const fs::path folder = account.skill("locked");
  write_file(folder / "secret.txt", "x", 0000);
  EXPECT_THAT(
      run_refusal({folder}, kSkill,
                  ::geteuid() == 0 ? kWithoutRootsEyes : std::vector<std::string>{}),
      AllOf(StartsWith("cannot read " + folder.string() + "/secret.txt: Permission denied: "),
            HasSubstr("chmod u+r")));
}

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

TEST_F(CommandLine, OneBrokenSkillIsNamedBesideAnother) {
  const CommandResult result =
      account.run({"run", "--quiet", account.home() / "nowhere", account.home() / "neither"});
  EXPECT_EQ(result.exit_code, kSkill);
  EXPECT_THAT(result.err,
              AllOf(HasSubstr("there is no skill at " + (account.home() / "nowhere").string()),
                    HasSubstr("there is no skill at " + (account.home() / "neither").string())));
  EXPECT_THAT(result.out,
              MatchesRegex("\nAUDIT  .*\nnowhere  error 65 .*\nneither  error 65 .*\n"));
  EXPECT_THAT(account.left_behind(), IsEmpty());
}

TEST_F(CommandLine, AComparisonThatIsThereIsNotOverwritten) {
  write_file(account.home() / "comparison.md", "precious");
  EXPECT_EQ(
      run_refusal({account.skill("plain"), "--os", "debian-12,debian-13", "--out", account.home()},
                  kUsage),
      (account.home() / "comparison.md").string() +
          " already exists: give --out a new folder; nothing is overwritten");
}

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
}

TEST_F(CommandLine, RefusesTwoSkillsOfOneName) {
  EXPECT_THAT(
      run_refusal({account.skill("plain"), account.skill("more/../plain"), "--out", "all"}, kUsage),
      HasSubstr("two of the skills are named plain"));
}

TEST_F(CommandLine, ListsTheTestsOfSkillsAndWhatTheirNamesWere) {
  const fs::path skills = tested_skills();
  EXPECT_EQ(listing(skills), "to_do.  # TypeParam = " + (skills / "to-do").string() +
                                 "\n  adds_one  # GetParam() = adds one\n"
                                 "  DISABLED_removes_one  # GetParam() = DISABLED removes one\n"
                                 "weather.\n  Oslo\n");
  EXPECT_EQ(listing(skills / "weather"), "weather.\n  Oslo\n");
}

TEST_F(CommandLine, ListsTheTestsThatAFilterSelects) {
  const fs::path skills = tested_skills();
  EXPECT_EQ(listing(skills, {"--gtest_filter=weather.*"}), "weather.\n  Oslo\n");
  EXPECT_EQ(listing(skills, {"--gtest_filter=-to_do.*"}), "weather.\n  Oslo\n");
  account.set("GTEST_FILTER", "*.Oslo");
  EXPECT_EQ(listing(skills), "weather.\n  Oslo\n");
}

TEST_F(CommandLine, SharesTheTestsOutSoThatEachIsInOneShard) {
  const fs::path skills = tested_skills();
  EXPECT_THAT(tests_run(skills), ElementsAre("to_do.adds_one", "weather.Oslo"));
  EXPECT_THAT(tests_run(skills, {"--gtest_also_run_disabled_tests"}),
              ElementsAre("to_do.adds_one", "to_do.DISABLED_removes_one", "weather.Oslo"));
  account.set("GTEST_TOTAL_SHARDS", "2");
  account.set("GTEST_SHARD_INDEX", "0");
  EXPECT_THAT(tests_run(skills), ElementsAre("to_do.adds_one"));
  account.set("GTEST_SHARD_INDEX", "1");
  EXPECT_THAT(tests_run(skills), ElementsAre("weather.Oslo"));
}

TEST_F(CommandLine, RunsTestsAgainInAnyOrderAndUntilOneFails) {
  const fs::path skills = tested_skills();
  EXPECT_THAT(tests_run(skills, {"--gtest_filter=to_do.*", "--gtest_repeat=2"}),
              ElementsAre("to_do.adds_one", "to_do.adds_one"));
  EXPECT_THAT(tests_run(skills, {"--gtest_shuffle", "--gtest_random_seed=7"}),
              UnorderedElementsAre("to_do.adds_one", "weather.Oslo"));
  EXPECT_THAT(tests_run(skills, {"--gtest_fail_fast"}), ElementsAre("to_do.adds_one"));
}

TEST_F(CommandLine, TakesNoOptionOfGoogleTestThatIsNone) {
  const fs::path skill = tested_skill("weather", "scenarios:\n  - {command: x}\n");
  EXPECT_EQ(refusal({"test", skill, "--gtest_fliter=x"}, kUsage),
            "there is no option '--gtest_fliter': did you mean '--gtest_filter'?");
  EXPECT_EQ(refusal({"test", skill, "--gtest_filter", "x"}, kUsage),
            "--gtest_filter has no value: write --gtest_filter=VALUE");
  EXPECT_EQ(refusal({"test", skill, "--gtest_repeat=often"}, kUsage),
            "--gtest_repeat is 'often': give a whole number");
  EXPECT_EQ(refusal({"test", skill, "--gtest_output=html:x"}, kUsage),
            "--gtest_output is 'html:x': give xml:FILE or json:FILE");
}

TEST_F(CommandLine, TakesAFilterThatSelectsNoTestForNoPass) {
  const fs::path skills = tested_skills();
  for (const char* filter : {"nobody.*", "*DISABLED_*"}) {
    const CommandResult result =
        account.run({"test", skills, "--gtest_filter=" + std::string(filter)});
    EXPECT_EQ(result.exit_code, kUsage);
    EXPECT_THAT(result.err,
                HasSubstr("--gtest_filter=" + std::string(filter) + " selects no test: "));
    EXPECT_THAT(account.left_behind(), IsEmpty());
  }
}

TEST_F(CommandLine, PointsAtTheExpectationThatIsNone) {
  const fs::path skill =
      tested_skill("weather", "scenarios:\n  - command: x\n    expect: {exit: 0, writs: []}\n");
  EXPECT_EQ(
      refusal({"test", skill, "--gtest_list_tests"}, kSkill),
      skill.string() + "/audit.yaml:3:23: unknown key `writs` in `expect`: did you mean `writes`?");
  write_file(skill / "audit.yaml",
             "scenarios:\n  - command: x\n    expect: {findings: [files.temp-lift]}\n");
  EXPECT_THAT(refusal({"test", skill, "--gtest_list_tests"}, kSkill),
              AllOf(StartsWith(skill.string() + "/audit.yaml:3: findings: "),
                    HasSubstr("did you mean 'files.temp-left'?")));
}

TEST_F(CommandLine, TestsNoSkillThatHasNoScenarios) {
  const fs::path plain = tested_skill("plain", "prompts: [Rain today]\n");
  EXPECT_THAT(refusal({"test", plain}, kSkill),
              StartsWith(plain.string() + " has no scenarios, so there is nothing to test: "));
  (void)tested_skills();
  const CommandResult beside =
      account.run({"test", account.home() / "skills", "--gtest_list_tests"});
  EXPECT_EQ(beside.exit_code, 0);
  EXPECT_THAT(beside.out, AllOf(HasSubstr("weather."), Not(HasSubstr("plain"))));
  EXPECT_THAT(beside.err, StartsWith("skillaudit: " + plain.string() + " has no scenarios"));
}

TEST_F(CommandLine, AsksForWhatATestNeedsBeforeTheFirstOne) {
  const fs::path skills = tested_skills();
  EXPECT_EQ(refusal({"test", skills, "--os", "windows-11"}, kUsage),
            "unknown operating system 'windows-11': skillaudit can build debian-12, debian-13");
  EXPECT_THAT(refusal({"test", skills, "--timeout", "0"}, kUsage), StartsWith("--timeout is 0"));
  account.set("PATH", programs_without("qemu-system-x86"));
  EXPECT_THAT(refusal({"test", skills}, kEnvironment),
              HasSubstr("apt-get install qemu-system-x86"));
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
