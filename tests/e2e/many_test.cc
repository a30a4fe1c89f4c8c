// Several audits in one call: repeated, and interrupted. What they come to at once is among the
// examples (examples_test.cc).
#include <gmock/gmock.h>

#include <csignal>

#include "harness/base/file.h"
#include "tests/e2e/account.h"
#include "tests/e2e/audited.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

class Many : public testing::Test {
 protected:
  Account account{Account::Images::Shared};
  const fs::path out = account.home() / "reports";
};

TEST_F(Many, RunsThatAgreeAreToldFromRunsThatDoNot) {
  // A name drawn from letters that no one can tell from a word.
  const std::string command =
      "if [ -e ../changeable ]; then touch /tmp/$(tr -dc g-p </dev/urandom | head -c 12); fi";
  const CommandResult result =
      account.run({"run", account.skill("steady"), account.home() / "missing",
                   account.skill("changeable"), "--cmd", command, "--repeat", "2", "--out", out});
  EXPECT_THAT(result.out, HasSubstr("\n2 runs agree\n"));
  EXPECT_THAT(result.out, HasSubstr("\n2 runs differ:\n--- changeable #1\n+++ changeable #2\n"
                                    "-MEDIUM "));
  EXPECT_THAT(rows_of_table(result.out),
              ElementsAre("steady #1", "steady #2", "missing #1", "missing #2", "changeable #1",
                          "changeable #2"));
  EXPECT_THAT(result.err, HasSubstr("skillaudit: missing #1: there is no skill at "));
  EXPECT_EQ(result.exit_code, 65) << result.err;  // of the missing one: worse than 3
  for (const char* bundle : {"steady/1", "steady/2", "changeable/1", "changeable/2"})
    EXPECT_TRUE(fs::exists(out / bundle / "report.json")) << bundle;
  EXPECT_FALSE(fs::exists(out / "missing"));
  EXPECT_THAT(account.left_behind(), IsEmpty());
}

TEST_F(Many, CtrlCEndsAllOfThemAndLeavesNothing) {
  RunningProgram program(
      account, {"run", account.skill("one"), account.skill("two"), account.skill("three"), "--jobs",
                "2", "--cmd", "sleep 300", "--out", out});
  program.wait_until_it_says("one:   sleep 300");
  program.wait_until_it_says("two:   sleep 300");
  EXPECT_THAT(account.workspaces(), SizeIs(2));
  const auto sent = std::chrono::steady_clock::now();
  program.signal(SIGINT);
  EXPECT_EQ(program.ending(), "exit code 130") << program.said();
  EXPECT_LT(std::chrono::steady_clock::now() - sent, std::chrono::seconds(15));
  EXPECT_THAT(program.said(),
              AllOf(EndsWith("skillaudit: interrupted\n"), Not(HasSubstr("three:"))));
  EXPECT_THAT(account.left_behind(), IsEmpty());
  for (const auto& entry : fs::directory_iterator(account.cache() / "memory"))
    EXPECT_EQ(entry.path().filename(), "lock");  // no promise is left
  EXPECT_FALSE(fs::exists(out));
}

}  // namespace
}  // namespace skillaudit
