#include "harness/observe/disk_view.h"

#include <gmock/gmock.h>

#include "tests/unit/observe/fake_machine.h"

namespace skillaudit {
namespace {

TEST(DiskView, LetsTheGuestRunOnWhenItsDiskCannotBeRead) {
  FakeMachine machine;  // nobody listens at the socket
  EXPECT_THROW(DiskView view(machine), Error);
  EXPECT_EQ(machine.thawed, 1);
}

TEST(Machine, RunsUntilItHasEnded) {
  FakeMachine machine;
  EXPECT_TRUE(machine.running());
  machine.ended = Ending{Ending::By::Guest, "it halted"};
  EXPECT_FALSE(machine.running());
}

}  // namespace
}  // namespace skillaudit
