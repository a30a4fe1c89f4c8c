// `skillaudit test`: what audit.yaml expects, asked of real audits.
#include <gmock/gmock.h>

#include <csignal>

#include "harness/base/file.h"
#include "tests/e2e/account.h"
#include "tests/e2e/expected_outcome.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ContainsRegex;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class TestCommand : public testing::Test {
 protected:
  Account account{Account::Images::Shared};

  static std::vector<fs::path> folders_in(const fs::path& folder) {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(folder)) found.push_back(entry.path());
    return found;
  }
};

TEST_F(TestCommand, PassesASkillThatDoesWhatItIsExpectedTo) {
  const fs::path results = account.home() / "results.xml";
  const CommandResult result =
      account.run({"test", kExamples / "hello-notes", "--gtest_output=xml:" + results.string()});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("[       OK ] hello_notes.takes_a_note"),
                                HasSubstr("[       OK ] hello_notes.refuses_an_empty_note"),
                                EndsWith("[  PASSED  ] 2 tests.\n")));
  // Each in a VM of its own, in which the other has not run.
  EXPECT_THAT(result.err, HasSubstr("  takes a note: "));
  EXPECT_THAT(read_file(results),
              AllOf(HasSubstr("tests=\"2\" failures=\"0\""),
                    ContainsRegex("<testcase name=\"takes_a_note\" value_param=\"takes a note\" "
                                  "[^>]*/audit.yaml\" line=\"3\""),
                    HasSubstr("<property name=\"verdict\" value=\"APPROVED\"/>")));
  EXPECT_THAT(account.left_behind(), IsEmpty());
}

TEST_F(TestCommand, FailsAtEachLineThatIsNotSoAndKeepsTheEvidence) {
  const fs::path twin = account.home() / "hello-notes";
  fs::copy(kExamples / "hello-notes", twin, fs::copy_options::recursive);
  write_file(twin / "audit.yaml",
             "scenarios:\n"
             "  - name: takes a note\n"
             "    command: bash scripts/note.sh Water\n"
             "    expect:\n"
             "      exit: 3\n"
             "      within: 1ms\n"
             "      writes: [/tmp]\n"
             "      creates:\n"
             "        - ~/notes/journal.md\n"
             "        - ~/notes/diary.md\n"
             "      deletes: [~/notes/old.md]\n"
             "      contacts: []\n"
             "      processes: none\n"
             "      findings: [files.temp-left]\n"
             "      stdout: nowhere\n"
             "      files:\n"
             "        ~/notes/journal.md: {contains: [Water, Wine]}\n"
             "        ~/notes/none.json: {json: {/a: 1}}\n"
             "        ~/given.csv: {equals: milk}\n"
             "        ~/made: {equals: eu}\n"
             "environment: {REGION: eu}\n"
             "files: {~/given.csv: milk}\n"
             "setup: [\"echo eu > ~/made\"]\n");
  const CommandResult result = account.run({"test", twin, "--quiet"});
  EXPECT_EQ(result.exit_code, 1) << result.err;
  EXPECT_EQ(result.err, "");
  const std::string file = "\n" + (twin / "audit.yaml").string();
  const auto fails = [&](int line, const std::string& expected, const std::string& actual) {
    return AllOf(HasSubstr(file + ":" + std::to_string(line) + ": Failure\n"),
                 HasSubstr("\nExpected: " + expected + "\n"), HasSubstr(actual));
  };
  EXPECT_THAT(
      result.out,
      AllOf(fails(5, "exited with 3 in the step 'takes a note'", "exited with 0"),
            fails(6, "finished within 0.001 s", "which took "),
            fails(7, "wrote nothing outside /tmp", "which created /home/ubuntu/notes/journal.md"),
            fails(8, "created ~/notes/diary.md",
                  "which created /home/ubuntu/notes/journal.md, the closest match"),
            fails(11, "deleted ~/notes/old.md", "which deleted nothing"),
            fails(14, "has a finding of files.temp-left", "which has no finding of that rule"),
            fails(15, "printed in the step 'takes a note' what has substring \"nowhere\"",
                  "whose step 'takes a note' printed"),
            fails(17, "left in ~/notes/journal.md what has substring \"Wine\"",
                  "whose file ~/notes/journal.md holds: "),
            fails(18, "left in ~/notes/none.json what has 1 at /a of its JSON",
                  "which has no file ~/notes/none.json")));
  EXPECT_THAT(result.out,
              AllOf(Not(HasSubstr("what has substring \"Water\"")), Not(HasSubstr("given.csv")),
                    Not(HasSubstr("~/made")), Not(HasSubstr("/home/ubuntu/made")),
                    Not(HasSubstr("Expected: created ~/notes/journal.md")),
                    Not(HasSubstr("Value of: contacts")), Not(HasSubstr("Value of: processes"))));

  const auto kept = folders_in(account.cwd() / "skillaudit-reports");
  ASSERT_THAT(kept, SizeIs(1));
  EXPECT_THAT(result.out,
              HasSubstr("bundle skillaudit-reports/" + kept[0].filename().string() + ", which"));
  const CommandResult again = account.run({"report", kept[0]});
  EXPECT_THAT(again.out, HasSubstr("hello-notes: NEEDS REVIEW")) << again.err;
  EXPECT_THAT(account.processes(), IsEmpty());
  EXPECT_THAT(account.workspaces(), IsEmpty());
}

TEST_F(TestCommand, KeepsEachBundleWhereItIsTold) {
  const fs::path out = account.home() / "bundles";
  const CommandResult result = account.run({"test", kExamples / "hello-notes", "--out", out,
                                            "--gtest_filter=*.refuses*", "--gtest_repeat=2", "-q"});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  for (const char* bundle : {"refuses_an_empty_note", "refuses_an_empty_note-2"})
    EXPECT_TRUE(fs::exists(out / "hello_notes" / bundle / "report.md")) << bundle;
  EXPECT_THAT(account.left_behind(), IsEmpty());
}

TEST_F(TestCommand, CtrlCEndsAllTestsAndLeavesNothing) {
  const fs::path skill = account.skill("slow");
  write_file(skill / "audit.yaml",
             "scenarios:\n  - {name: first, command: sleep 300}\n  - {name: second, command: x}\n");
  RunningProgram program(account, {"test", skill});
  program.wait_until_it_says("first: sleep 300");
  program.signal(SIGINT);
  EXPECT_EQ(program.ending(), "exit code 130") << program.said();
  EXPECT_THAT(program.said(),
              AllOf(EndsWith("skillaudit: interrupted\n"), Not(HasSubstr("slow.second"))));
  EXPECT_THAT(account.left_behind(), IsEmpty());
}

}  // namespace
}  // namespace skillaudit
