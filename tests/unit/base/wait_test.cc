#include "harness/base/wait.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include "harness/base/spawn.h"

namespace skillaudit {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

TEST(Deadline, HasPassedWhenNoTimeIsGiven) {
  EXPECT_TRUE(Deadline(milliseconds(0)).passed());
  EXPECT_TRUE(Deadline(milliseconds(-1)).passed());
  EXPECT_EQ(Deadline(milliseconds(0)).poll_ms(), 0);
}

TEST(Deadline, GivesPollADayAtMost) {
  const Deadline deadline(milliseconds::max());
  EXPECT_FALSE(deadline.passed());
  EXPECT_EQ(deadline.poll_ms(), milliseconds(hours(24)).count());
}

TEST(WaitReady, ReturnsAtOnceForWhatIsReady) {
  const auto [reading, writing] = make_pipe();
  ASSERT_EQ(::write(writing.get(), "x", 1), 1);
  EXPECT_TRUE(wait_ready(reading.get(), POLLIN, Deadline(hours(1))));
  EXPECT_TRUE(wait_ready(writing.get(), POLLOUT, Deadline(hours(1))));
}

TEST(WaitReady, ReturnsAtOnceWhenTheOtherEndIsClosed) {
  auto [reading, writing] = make_pipe();
  writing.reset();
  EXPECT_TRUE(wait_ready(reading.get(), POLLIN, Deadline(hours(1))));
}

TEST(WaitReady, IsFalseOnceTheDeadlineHasPassed) {
  const auto [reading, writing] = make_pipe();
  EXPECT_FALSE(wait_ready(reading.get(), POLLIN, Deadline(milliseconds(1))));
  EXPECT_FALSE(wait_ready(-1, 0, Deadline(milliseconds(1))));
}

}  // namespace
}  // namespace skillaudit
