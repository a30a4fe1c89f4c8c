// What happens to an audit when its user has had enough. The program itself, on a real VM.
#include <gmock/gmock.h>

#include <csignal>

#include "tests/e2e/account.h"
#include "tests/e2e/one_audit.h"

namespace skillaudit {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class Interrupted : public OneAudit {
 protected:
  void expect_a_clean_end(int signal, const std::string& stage, const std::string& command) {
    RunningProgram program(account, run_arguments(command));
    program.wait_until_it_says(stage);
    const auto sent = std::chrono::steady_clock::now();
    program.signal(signal);
    EXPECT_EQ(program.ending(), "exit code 130") << program.said();
    EXPECT_LT(std::chrono::steady_clock::now() - sent, std::chrono::seconds(15));
    EXPECT_THAT(program.said(), HasSubstr("skillaudit: interrupted"));
    EXPECT_THAT(account.left_behind(), IsEmpty());
    expect_no_bundle();
  }
};

TEST_F(Interrupted, WhileTheSkillIsRead) {
  expect_a_clean_end(SIGINT, "Reading the skill …", "true");
}
TEST_F(Interrupted, WhileTheImageIsPrepared) {
  expect_a_clean_end(SIGINT, "Preparing the VM image …", "true");
}
TEST_F(Interrupted, WhileTheTemplateIsPrepared) {
  expect_a_clean_end(SIGINT, "Preparing the VM template …", "true");
}
TEST_F(Interrupted, WhileTheVmIsRestored) {
  expect_a_clean_end(SIGINT, "Restoring the VM …", "true");
}
TEST_F(Interrupted, WhileTheGuestIsPrepared) {
  expect_a_clean_end(SIGINT, "Preparing the guest …", "true");
}
TEST_F(Interrupted, WhileTheSkillRuns) { expect_a_clean_end(SIGINT, "  sleep 300", "sleep 300"); }
TEST_F(Interrupted, WhileTheStateAfterIsCaptured) {
  expect_a_clean_end(SIGINT, "Capturing the state after …", "true");
}
TEST_F(Interrupted, WhileTheReportIsWritten) {
  expect_a_clean_end(SIGINT, "Writing the report …", "true");
}
TEST_F(Interrupted, ByTheServiceManager) {
  expect_a_clean_end(SIGTERM, "  sleep 300", "sleep 300");
}
TEST_F(Interrupted, ByATerminalThatClosed) {
  expect_a_clean_end(SIGHUP, "  sleep 300", "sleep 300");
}

}  // namespace
}  // namespace skillaudit
