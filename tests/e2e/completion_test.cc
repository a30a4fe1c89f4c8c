// What is generated from the program's own options, read by those who it is for.
#include <gmock/gmock.h>

#include "harness/base/file.h"
#include "harness/base/process.h"
#include "tests/e2e/account.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class Completion : public testing::Test {
 protected:
  Account account{Account::Images::None};

  fs::path script(const std::string& shell) const {
    const CommandResult result = account.run({"completion", shell});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    fs::path path = account.home() / ("completion." + shell);
    write_file(path, result.out);
    return path;
  }
  static CommandResult run(std::vector<std::string> command) {
    CommandResult result = run_command(command);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(result.err, "");
    return result;
  }
  /// What bash offers where the cursor stands behind the last word.
  std::string offered_by_bash(const std::string& words) const {
    return run({"bash", "--norc", "-c",
                "source " + script("bash").string() + "; COMP_WORDS=(" + words +
                    "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _skillaudit; "
                    "printf '%s\\n' \"${COMPREPLY[@]}\""})
        .out;
  }
};

TEST_F(Completion, OffersCommandsOptionsAndWordsInBash) {
  EXPECT_EQ(offered_by_bash("skillaudit rep"), "report\n");
  EXPECT_EQ(offered_by_bash("skillaudit vm ro"), "rollback\n");
  EXPECT_EQ(offered_by_bash("skillaudit run x --repe"), "--repeat\n");
  EXPECT_EQ(offered_by_bash("skillaudit run --inst"), "--installed\n");
  EXPECT_EQ(offered_by_bash("skillaudit run --fail-under ''"), "A\nB\nC\nD\nF\n");
  EXPECT_EQ(offered_by_bash("skillaudit explain network.unex"), "network.unexpected-host\n");
  EXPECT_EQ(offered_by_bash("skillaudit report diff old new --form"), "--format\n");
}

TEST_F(Completion, OffersTheSameInFish) {
  const std::string path = script("fish").string();
  const auto offered = [&](const std::string& line) {
    return run({"fish", "--no-config", "-c", "source " + path + "; complete -C '" + line + "'"})
        .out;
  };
  EXPECT_THAT(offered("skillaudit rep"), StartsWith("report\t"));
  EXPECT_THAT(offered("skillaudit vm ro"), StartsWith("rollback\t"));
  EXPECT_THAT(offered("skillaudit run --repe"), StartsWith("--repeat\t"));
  EXPECT_THAT(offered("skillaudit explain network.unex"), StartsWith("network.unexpected-host"));
}

TEST_F(Completion, IsAFunctionThatZshLoads) {
  const std::string path = script("zsh").string();
  run({"zsh", "-n", path});
  EXPECT_THAT(run({"zsh", "-f", "-c",
                   "autoload -U compinit && compinit -u -D && source " + path +
                       " && print ${_comps[skillaudit]} && whence -w _skillaudit_report_diff"})
                  .out,
              AllOf(StartsWith("_skillaudit\n"), HasSubstr("_skillaudit_report_diff: function")));
}

TEST_F(Completion, HasAManualPageInWhichRoffFindsNoFault) {
  const fs::path page = account.home() / "skillaudit.1";
  const CommandResult manual = account.run({"manual"});
  ASSERT_EQ(manual.exit_code, 0);
  write_file(page, manual.out);
  const std::string shown = run({"groff", "-man", "-Tutf8", "-ww", "-P-cbou", page.string()}).out;
  for (const char* words : {"skillaudit run [options] SKILL ...", "skillaudit report diff",
                            "--fail-under A|B|C|D|F", "Exit codes"})
    EXPECT_THAT(shown, HasSubstr(words));
}

}  // namespace
}  // namespace skillaudit
