#include <gmock/gmock.h>
#include <libssh/libssh.h>
#include <signal.h>

#include <chrono>
#include <iostream>
#include <memory>
#include <utility>

#include "fixtures/sandbox_test.h"
#include "harness/base/error.h"
#include "harness/base/hash.h"
#include "harness/guest/keys.h"
#include "harness/observe/witness_client.h"
#include "harness/providers/qemu/qemu_machine.h"

namespace skillaudit {
namespace {

using std::chrono::seconds;
using testing::Ge;
using testing::HasSubstr;
using testing::Lt;
using testing::StartsWith;

/// The sentence of the Error{Evidence} that `action` must end with.
template <typename Action>
std::string evidence_error(Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Evidence) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "no error";
  return {};
}

/// SshSession against the guest's real SSH server.
class GuestSession : public SharedSandboxTest {
 protected:
  static void SetUpTestSuite() { open_shared({}); }

  static SshTarget target() {
    return {.port = sandbox().machine().ssh_port(),
            .user = kGuestUser,
            .client_private_key = sandbox().identity().client_key.private_key,
            .host_public_key = sandbox().identity().host_key.public_key};
  }
};

TEST_F(GuestSession, DrainsStdoutAndStderrTogether) {
  // Each stream fills before the other's turn comes: whoever drains one to its end first waits for
  // ever.
  const ExecResult result = exec(
      "python3 -I -c 'import sys\n"
      "for turn in range(8):\n"
      "  for stream in (sys.stderr, sys.stdout):\n"
      "    stream.write(\"x\" * (1 << 18)); stream.flush()'");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out.size(), 2U << 20);
  EXPECT_EQ(result.err.size(), 2U << 20);
  EXPECT_FALSE(result.out_truncated);
  EXPECT_FALSE(result.err_truncated);
}

TEST_F(GuestSession, KeepsNoMoreOutputThanItsLimitAndSaysSo) {
  const ExecResult result = exec("head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2; echo end",
                                 {.output_limit = 100000});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out.size(), 100000U);
  EXPECT_EQ(result.err.size(), 100000U);
  EXPECT_TRUE(result.out_truncated);
  EXPECT_TRUE(result.err_truncated);
}

TEST_F(GuestSession, DoesNotCallOutputOfJustItsLimitTruncated) {
  const ExecResult result = exec("head -c 100000 /dev/zero", {.output_limit = 100000});
  EXPECT_EQ(result.out.size(), 100000U);
  EXPECT_FALSE(result.out_truncated);
}

TEST_F(GuestSession, ReportsTheExitCode) {
  EXPECT_EQ(exec("exit 0").exit_code, 0);
  EXPECT_EQ(exec("exit 7").exit_code, 7);
  EXPECT_EQ(exec("exit 255").exit_code, 255);
  EXPECT_EQ(exec("/nonexistent").exit_code, 127);
}

TEST_F(GuestSession, ReportsTheSignalThatEndedTheCommand) {
  const ExecResult killed = exec("kill -KILL $$");
  EXPECT_EQ(killed.exit_code, std::nullopt);
  EXPECT_EQ(killed.signal, "KILL");
  EXPECT_EQ(exec("kill -TERM $$").signal, "TERM");
}

TEST_F(GuestSession, EndsACommandThatTakesTooLongAndStaysUsable) {
  const auto start = std::chrono::steady_clock::now();
  const ExecResult result = exec("echo begun; sleep 600", {.timeout = seconds(3)});
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  EXPECT_TRUE(result.timed_out);
  EXPECT_EQ(result.exit_code, std::nullopt);
  EXPECT_EQ(result.out, "begun\n");
  EXPECT_THAT(taken.count(), testing::AllOf(Ge(3.0), Lt(6.0)));
  EXPECT_EQ(exec("echo again").out, "again\n");
}

TEST_F(GuestSession, DoesNotWaitForAProcessThatHoldsTheOutputOpen) {
  const auto start = std::chrono::steady_clock::now();
  const ExecResult result = exec("sleep 600 & echo started; exit 3");
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.out, "started\n");
  EXPECT_THAT(taken.count(), Lt(5.0));
}

TEST_F(GuestSession, SendsFiveMegabytesOfInput) {
  const std::string input = random_bytes(5'000'000);
  const auto start = std::chrono::steady_clock::now();
  const ExecResult result = exec("sha256sum", {.timeout = seconds(120), .input = input});
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  EXPECT_EQ(result.out, sha256(input) + "  -\n");
  std::cout << "[ measured ] 5 MB of input: " << taken.count() << " s\n";
}

TEST_F(GuestSession, ReturnsLargeInputAsOutputUnharmed) {
  const std::string input = random_bytes(2'000'000);
  EXPECT_EQ(sha256(exec("cat", {.timeout = seconds(120), .input = input}).out), sha256(input));
}

TEST_F(GuestSession, EndsTheInputOfACommandThatReadsToItsEnd) {
  EXPECT_EQ(exec("wc -c").out, "0\n");
}

TEST_F(GuestSession, IsNotHeldUpByACommandThatLeavesItsInputUnread) {
  const ExecResult result = exec("exit 4", {.input = std::string(5'000'000, 'x')});
  EXPECT_EQ(result.exit_code, 4);
}

TEST_F(GuestSession, SaysWhatFailedByCheck) {
  const std::string said = evidence_error(
      [] { sandbox().guest().check("counting the sheep", "echo 'no sheep' >&2; exit 9"); });
  EXPECT_THAT(said, testing::AllOf(StartsWith("counting the sheep"), HasSubstr("9"),
                                   HasSubstr("no sheep")));
}

TEST_F(GuestSession, RefusesAServerWithAnotherHostKey) {
  SshTarget wrong = target();
  wrong.host_public_key = generate_key_pair().public_key;
  EXPECT_THAT(evidence_error([&] { (void)SshSession::connect(wrong, seconds(20)); }),
              HasSubstr("its host key is different"));
}

TEST_F(GuestSession, RefusesTheTemplatesHostKey) {
  SshTarget wrong = target();
  wrong.host_public_key = sandbox().base().host_public_key;
  EXPECT_THAT(evidence_error([&] { (void)SshSession::connect(wrong, seconds(20)); }),
              HasSubstr("its host key is different"));
}

TEST_F(GuestSession, IsRefusedWithAnotherClientKey) {
  SshTarget wrong = target();
  wrong.client_private_key = generate_key_pair().private_key;
  EXPECT_THAT(evidence_error([&] { (void)SshSession::connect(wrong, seconds(4)); }),
              HasSubstr("login to the guest's SSH server failed"));
}

TEST_F(GuestSession, IsRefusedWithTheTemplatesClientKey) {
  SshTarget wrong = target();
  wrong.client_private_key = sandbox().base().client_private_key;
  EXPECT_THAT(evidence_error([&] { (void)SshSession::connect(wrong, seconds(4)); }),
              HasSubstr("login to the guest's SSH server failed"));
}

TEST_F(GuestSession, OpensASecondSessionBesideTheFirst) {
  SshSession second = sandbox().connect();
  EXPECT_EQ(second.exec("id -un").out, std::string(kGuestUser) + "\n");
  EXPECT_EQ(exec("id -un").out, std::string(kGuestUser) + "\n");
}

TEST_F(GuestSession, NobodyLogsInByPassword) {
  // A password that would be right, so that what refuses is the way and not the word.
  ASSERT_EQ(exec(std::string("echo ") + kGuestUser +
                 ":secret | sudo -n chpasswd && echo "
                 "root:secret | sudo -n chpasswd")
                .exit_code,
            0);
  for (const std::string& user : {std::string(kGuestUser), std::string("root")}) {
    const std::unique_ptr<ssh_session_struct, decltype(&ssh_free)> session(ssh_new(), ssh_free);
    const unsigned int port = sandbox().machine().ssh_port();
    const long limit = 20;
    const int no = 0;
    ssh_options_set(session.get(), SSH_OPTIONS_HOST, "127.0.0.1");
    ssh_options_set(session.get(), SSH_OPTIONS_PORT, &port);
    ssh_options_set(session.get(), SSH_OPTIONS_USER, user.c_str());
    ssh_options_set(session.get(), SSH_OPTIONS_TIMEOUT, &limit);
    ssh_options_set(session.get(), SSH_OPTIONS_PROCESS_CONFIG, &no);
    ASSERT_EQ(ssh_connect(session.get()), SSH_OK) << ssh_get_error(session.get());
    EXPECT_EQ(ssh_userauth_none(session.get(), nullptr), SSH_AUTH_DENIED);
    EXPECT_EQ(ssh_userauth_list(session.get(), nullptr), SSH_AUTH_METHOD_PUBLICKEY) << user;
    EXPECT_NE(ssh_userauth_password(session.get(), nullptr, "secret"), SSH_AUTH_SUCCESS) << user;
    ssh_disconnect(session.get());
  }
}

class LostGuest : public SandboxTest {};

TEST_F(LostGuest, EndsARunningCommandWithAnEvidenceError) {
  exec("true");
  const auto start = std::chrono::steady_clock::now();
  bool killed = false;
  const ExecOptions options{.timeout = seconds(60), .still_alive = [&] {
                              // Asked while the command runs; claims life to the end, so that the
                              // session has to notice by itself.
                              if (!killed) ::kill(qemu_of(sandbox().machine()).pid(), SIGKILL);
                              killed = true;
                              return true;
                            }};
  const std::string said = evidence_error([&] { exec("sleep 600", options); });
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  EXPECT_TRUE(killed);
  EXPECT_FALSE(said.empty());
  EXPECT_THAT(taken.count(), Lt(10.0));
  const std::optional<Ending> ended = sandbox().ending(kDying);
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->text, "QEMU ended: killed by signal 9 (Killed)");
  EXPECT_EQ(ended->by, Ending::By::Hypervisor);
  // Nor does the witness answer, and that is nobody's tampering.
  EXPECT_FALSE(PortWitness(sandbox().machine().port()).answers(seconds(20)));
  EXPECT_EQ(evidence_error([&] { expect_alive(sandbox().subject()); }),
            "QEMU ended: killed by signal 9 (Killed)");
  EXPECT_THAT(evidence_error([&] { exec("true"); }),
              HasSubstr("the VM of this test died while it was running `true`: QEMU ended"));
}

TEST_F(LostGuest, IsNoticedByTheQuestionWhetherItLives) {
  exec("true");
  bool asked = false;
  const ExecOptions options{.timeout = seconds(60), .still_alive = [&] {
                              // Silent from now on, with its socket open.
                              if (!asked) ::kill(qemu_of(sandbox().machine()).pid(), SIGSTOP);
                              return !std::exchange(asked, true);
                            }};
  EXPECT_THAT(evidence_error([&] { exec("sleep 600", options); }), HasSubstr("the VM ended"));
}

TEST_F(LostGuest, ThatFallsSilentIsAnEvidenceErrorToo) {
  exec("true");
  ASSERT_EQ(::kill(qemu_of(sandbox().machine()).pid(), SIGSTOP), 0);
  EXPECT_THAT(evidence_error([&] { exec("true"); }), HasSubstr("no answer"));
}

}  // namespace
}  // namespace skillaudit
