// `skillaudit test` as a program of GoogleTest. No VM.
#include <gmock/gmock.h>

#include "harness/base/file.h"
#include "tests/e2e/command_line.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;
using testing::UnorderedElementsAre;

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

}  // namespace
}  // namespace skillaudit
