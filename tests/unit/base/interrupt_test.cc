#include "harness/base/interrupt.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>
#include <thread>

#include "harness/base/error.h"
#include "harness/base/process.h"
#include "tests/unit/base/in_child.h"

namespace skillaudit {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

/// Sends `signal` to this process a little later.
std::thread later(int signal) {
  return std::thread([signal] {
    ::poll(nullptr, 0, 100);
    ::kill(::getpid(), signal);
  });
}

TEST(Interrupt, IsNotSetBeforeASignal) {
  EXPECT_EQ(in_child([] {
              install_interrupt_handlers();
              check_interrupt();
              pollfd wait{interrupt_fd(), POLLIN, 0};
              return !interrupted() && interrupt_fd() >= 0 && ::poll(&wait, 1, 0) == 0 ? 0 : 1;
            }),
            0);
}

TEST(Interrupt, HasNoDescriptorBeforeTheHandlersAreInstalled) {
  EXPECT_EQ(in_child([] { return interrupt_fd() == -1 ? 0 : 1; }), 0);
}

class InterruptSignal : public testing::TestWithParam<int> {};

TEST_P(InterruptSignal, IsRememberedAndStaysReadable) {
  EXPECT_EQ(in_child([] {
              ::signal(SIGHUP, SIG_DFL);
              install_interrupt_handlers();
              install_interrupt_handlers();
              ::raise(GetParam());
              for (int look = 0; look < 2; ++look) {
                pollfd wait{interrupt_fd(), POLLIN, 0};
                if (::poll(&wait, 1, 0) != 1) return 1;
              }
              return interrupted() ? 0 : 2;
            }),
            0);
}

INSTANTIATE_TEST_SUITE_P(All, InterruptSignal, testing::Values(SIGINT, SIGTERM, SIGHUP));

TEST(Interrupt, CheckThrowsWithExitCode130) {
  EXPECT_EQ(in_child([] {
              install_interrupt_handlers();
              ::raise(SIGINT);
              check_interrupt();
              return 1;
            }),
            130);
}

TEST(Interrupt, KeepsAHangupIgnoredThatWasIgnored) {
  EXPECT_EQ(in_child([] {
              ::signal(SIGHUP, SIG_IGN);
              install_interrupt_handlers();
              ::raise(SIGHUP);
              return interrupted() ? 1 : 0;
            }),
            0);
}

TEST(Interrupt, EndsASleepAtOnce) {
  const auto started = Clock::now();
  EXPECT_EQ(in_child([] {
              install_interrupt_handlers();
              std::thread sender = later(SIGTERM);
              sender.detach();
              interruptible_sleep(seconds(600));
              return 1;
            }),
            130);
  EXPECT_LT(Clock::now() - started, seconds(60));
}

TEST(Interrupt, OtherSignalsDoNotCutASleepShort) {
  EXPECT_EQ(in_child([] {
              struct sigaction action {};
              action.sa_handler = [](int) {};
              ::sigaction(SIGUSR1, &action, nullptr);
              sigset_t mask;
              const auto started = Clock::now();
              // The thread blocks the signal, so that it interrupts the sleep below.
              std::thread sender([&] {
                ::sigfillset(&mask);
                ::pthread_sigmask(SIG_BLOCK, &mask, nullptr);
                ::poll(nullptr, 0, 50);
                ::kill(::getpid(), SIGUSR1);
              });
              interruptible_sleep(milliseconds(300));
              const auto slept = Clock::now() - started;
              sender.join();
              return slept >= milliseconds(300) ? 0 : 1;
            }),
            0);
}

TEST(Interrupt, EndsACommandAndKillsIt) {
  EXPECT_EQ(in_child([] {
              install_interrupt_handlers();
              static pid_t command = 0;
              CommandOptions options;
              options.timeout = seconds(600);
              options.on_stderr = [](std::string_view text) {
                command = std::stoi(std::string(text));
                ::kill(::getpid(), SIGINT);
              };
              try {
                run_command({"/bin/sh", "-c", "echo $$ >&2; sleep 600"}, options);
              } catch (const Error& error) {
                if (error.kind() != ErrorKind::Interrupted) return 1;
                return ::kill(command, 0) == 0 ? 2 : 0;
              }
              return 3;
            }),
            0);
}

TEST(Interrupt, CanBeForgottenOnceAndTheNextOneCounts) {
  EXPECT_EQ(in_child([] {
              install_interrupt_handlers();
              ::kill(::getpid(), SIGHUP);
              if (!interrupted()) return 1;
              forget_interrupt();
              pollfd wait{interrupt_fd(), POLLIN, 0};
              if (interrupted() || ::poll(&wait, 1, 0) != 0) return 2;
              ::kill(::getpid(), SIGINT);
              return interrupted() && ::poll(&wait, 1, 0) == 1 ? 0 : 3;
            }),
            0);
}

}  // namespace
}  // namespace skillaudit
