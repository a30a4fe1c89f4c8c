// What happens to an audit when a part of it is killed. The program itself, on a real VM.
#include <gmock/gmock.h>

#include <csignal>

#include "harness/base/file.h"
#include "tests/e2e/account.h"
#include "tests/e2e/audited.h"
#include "tests/e2e/one_audit.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class Killed : public OneAudit {
 protected:
  /// The folder in which a bundle grows: the one that has never held anything else.
  [[nodiscard]] fs::path growing_bundle() const {
    for (const auto& entry : fs::directory_iterator(bundle.parent_path()))
      if (fs::exists(entry.path() / "bundle")) return entry.path();
    ADD_FAILURE() << "no bundle grows in " << bundle.parent_path();
    return {};
  }
  /// Kills the child `name` once the program says `stage`; the audit must then be INCONCLUSIVE for
  /// that reason.
  void expect_inconclusive(const std::string& name, const std::string& command,
                           const std::string& stage, const std::string& reason) {
    RunningProgram program(account, run_arguments(command));
    program.wait_until_it_says(stage);
    expect_inconclusive(program, program.child(name), reason);
  }
  void expect_inconclusive(RunningProgram& program, pid_t child, const std::string& reason) {
    ASSERT_EQ(::kill(child, SIGKILL), 0);
    EXPECT_EQ(program.ending(), "exit code 3") << program.said();
    EXPECT_THAT(program.said(), HasSubstr("INCONCLUSIVE"));
    const Audited audited = read_audit({}, bundle);
    EXPECT_EQ(audited.report.at("verdict"), "INCONCLUSIVE");
    EXPECT_THAT(gap_texts(audited.report), Contains(HasSubstr(reason)));
    EXPECT_THAT(audited.markdown, AllOf(HasSubstr("INCONCLUSIVE"), HasSubstr(reason)));
    EXPECT_THAT(account.left_behind(), IsEmpty());
    // What there is of evidence is sealed and reads again.
    EXPECT_EQ(account.run({"report", bundle}).exit_code, 3);
  }
};

/// Nothing has run yet: there is no evidence to lose, and the audit is worth another try.
class KilledEarly : public OneAudit {
 protected:
  void expect_another_try(const std::string& name) const {
    RunningProgram program(account, run_arguments("true"));
    program.wait_until_it_says("Preparing the guest …");
    ASSERT_EQ(::kill(program.child(name), SIGKILL), 0);
    EXPECT_EQ(program.ending(), "exit code 0") << program.said();
    EXPECT_THAT(program.said(), HasSubstr("trying again"));
    EXPECT_EQ(read_audit({}, bundle).report.at("verdict"), "APPROVED");
    EXPECT_THAT(account.left_behind(), IsEmpty());
  }
};

constexpr const char* kQemu = "qemu-system-x86_64";
constexpr const char* kChangesTheNextBoot = "echo '# nothing' | sudo -n tee /etc/cron.d/nothing";
constexpr const char* kQemuKilled = "QEMU ended: killed by signal 9 (Killed)";

TEST_F(KilledEarly, QemuIsStartedAgain) { expect_another_try(kQemu); }

TEST_F(KilledEarly, TheProxyIsStartedAgain) { expect_another_try("mitmdump"); }

TEST_F(Killed, QemuWhileTheSkillRuns) {
  expect_inconclusive(kQemu, "sleep 10", "  sleep 10", kQemuKilled);
}

TEST_F(Killed, QemuAfterTheSkillRan) {
  expect_inconclusive(kQemu, "true", "Capturing the state after …", kQemuKilled);
}

TEST_F(Killed, QemuBeforeItBootsAgain) {
  expect_inconclusive(kQemu, kChangesTheNextBoot, "Rebooting the VM …", kQemuKilled);
}

TEST_F(Killed, QemuWhileItBootsAgain) {
  RunningProgram program(account, run_arguments(kChangesTheNextBoot));
  program.wait_until_it_says("Rebooting the VM …");
  const pid_t another = program.another_child(kQemu, program.child(kQemu));
  const fs::path console = growing_bundle() / "bundle/boot-console.log";
  ASSERT_TRUE(eventually([&] { return fs::exists(console) && fs::file_size(console) > 0; },
                         std::chrono::seconds(60)));
  expect_inconclusive(program, another, kQemuKilled);
}

TEST_F(Killed, TheProxyWhileTheSkillRuns) {
  expect_inconclusive("mitmdump", "sleep 10", "  sleep 10", "the proxy ended");
}

TEST_F(Killed, TheProxyAfterTheSkillRan) {
  expect_inconclusive("mitmdump", "true", "Capturing the state after …", "the proxy ended");
}

TEST_F(Killed, TheProgramItselfTakesItsChildrenAlongAndTheNextRunTidiesUp) {
  {
    RunningProgram program(account, run_arguments("sleep 300"));
    program.wait_until_it_says("  sleep 300");
    ASSERT_THAT(account.workspaces(), SizeIs(1));
    program.signal(SIGKILL);
    EXPECT_EQ(program.ending(), "killed by signal 9 (Killed)");
  }
  EXPECT_TRUE(eventually([&] { return account.processes().empty(); }))
      << testing::PrintToString(account.processes());
  const std::vector<std::string> orphaned = account.workspaces();
  ASSERT_THAT(orphaned, SizeIs(1));
  const fs::path grown = growing_bundle();
  ASSERT_TRUE(fs::exists(grown / "bundle/network.pcap")) << "there is something to tidy up";
  // What only looks like one stays: it was never an audit's.
  const fs::path another = bundle.parent_path() / "skillaudit-growing-notes";
  fs::create_directory(another);
  write_file(another / "lock", "mine");
  write_file(another / "letter", "mine");

  RunningProgram next(account, run_arguments("true"));
  next.wait_until_it_says("Preparing the guest …");
  EXPECT_THAT(account.workspaces(), AllOf(SizeIs(1), Not(Contains(orphaned[0]))));
  EXPECT_FALSE(fs::exists(grown));
  EXPECT_TRUE(fs::exists(growing_bundle() / "bundle")) << "the running one's is in use";
  EXPECT_TRUE(fs::exists(another / "letter"));
  next.signal(SIGINT);
  EXPECT_EQ(next.ending(), "exit code 130");
  EXPECT_THAT(account.left_behind(), IsEmpty());
  fs::remove_all(another);
  EXPECT_TRUE(fs::is_empty(bundle.parent_path()));
}

}  // namespace
}  // namespace skillaudit
