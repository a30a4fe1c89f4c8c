#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <iostream>

#include "fixtures/sandbox_test.h"
#include "harness/base/text.h"
#include "harness/providers/default_provider.h"

namespace skillaudit {
namespace {

/// Two clones of one template, alive at once.
class Clones : public testing::Test {
 protected:
  struct Clone {
    TempDir evidence;
    Sandbox sandbox;
    Clone() : sandbox(open(evidence)) {}
    static Sandbox open(const TempDir& evidence) {
      SilentProgress progress;
      return Sandbox::open(default_provider(), {.evidence_dir = evidence.path()}, progress);
    }
  };

  static void SetUpTestSuite() {
    const auto start = std::chrono::steady_clock::now();
    first = std::make_unique<Clone>();
    second = std::make_unique<Clone>();
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    std::cout << "[ measured ] two clones, one after the other: " << taken.count() << " s\n";
  }
  static void TearDownTestSuite() {
    second.reset();
    first.reset();
  }

  /// What `command` prints in each.
  static std::pair<std::string, std::string> both(const std::string& command) {
    return {first->sandbox.guest().check(command, command),
            second->sandbox.guest().check(command, command)};
  }
  static void expect_different(const std::string& command) {
    const auto [one, other] = both(command);
    EXPECT_NE(trim(one), "") << command;
    EXPECT_NE(one, other) << command;
  }

  static std::unique_ptr<Clone> first;
  static std::unique_ptr<Clone> second;
};
std::unique_ptr<Clones::Clone> Clones::first;
std::unique_ptr<Clones::Clone> Clones::second;

TEST_F(Clones, DrawDifferentUuids) { expect_different("cat /proc/sys/kernel/random/uuid"); }

TEST_F(Clones, DrawDifferentRandomBytes) {
  expect_different("head -c 32 /dev/urandom | od -An -tx1");
  expect_different("python3 -I -c 'import os; print(os.getrandom(32).hex())'");
}

TEST_F(Clones, HaveDifferentMachineIds) {
  expect_different("cat /etc/machine-id");
  EXPECT_EQ(trim(first->sandbox.guest().check("machine-id", "cat /etc/machine-id")),
            first->sandbox.identity().machine_id);
}

TEST_F(Clones, HaveDifferentHostKeys) {
  expect_different("cat /etc/ssh/ssh_host_ed25519_key.pub");
  expect_different("sudo -n cat /etc/ssh/ssh_host_ed25519_key");
  expect_different("ssh-keyscan -t ed25519 127.0.0.1 2>/dev/null");
}

TEST_F(Clones, HaveDifferentClientKeys) { expect_different("cat ~/.ssh/authorized_keys"); }

TEST_F(Clones, HaveDifferentHostnames) {
  expect_different("hostname");
  expect_different("cat /etc/hostname");
}

TEST_F(Clones, DoNotLetEachOtherIn) {
  EXPECT_NE(first->sandbox.identity().client_key.private_key,
            second->sandbox.identity().client_key.private_key);
  EXPECT_NE(first->sandbox.machine().ssh_port(), second->sandbox.machine().ssh_port());
}

TEST_F(Clones, DoNotSeeEachOthersFiles) {
  ASSERT_EQ(first->sandbox.guest().exec("echo mine > /home/ubuntu/mine && sync").exit_code, 0);
  EXPECT_EQ(second->sandbox.guest().exec("test -e /home/ubuntu/mine").exit_code, 1);
}

TEST_F(Clones, TellTheHostsTimeWithinASecond) {
  const auto now = [] {
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch())
        .count();
  };
  for (Clone* clone : {first.get(), second.get()}) {
    const double before = now();
    const double told = std::stod(clone->sandbox.guest().check("the time", "date +%s.%N"));
    const double after = now();
    EXPECT_GT(told, before - 1.0);
    EXPECT_LT(told, after + 1.0);
    std::cout << "[ measured ] the guest's clock is off by at most "
              << std::max(std::abs(told - before), std::abs(told - after)) << " s\n";
  }
}

}  // namespace
}  // namespace skillaudit
