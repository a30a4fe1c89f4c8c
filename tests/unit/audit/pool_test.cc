#include "harness/audit/pool.h"

#include <gmock/gmock.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <latch>
#include <mutex>
#include <numeric>
#include <set>
#include <thread>

#include "harness/base/error.h"
#include "harness/base/interrupt.h"
#include "harness/base/process.h"
#include "tests/unit/base/in_child.h"

namespace skillaudit {
namespace {

using testing::Each;
using testing::ElementsAreArray;
using testing::IsNull;
using testing::SizeIs;
using testing::UnorderedElementsAreArray;

/// The jobs in the order in which they began.
std::vector<std::size_t> begun(std::size_t count, unsigned workers) {
  std::vector<std::size_t> order;
  std::mutex mutex;
  EXPECT_THAT(run_pool(count, workers,
                       [&](std::size_t job) {
                         const std::lock_guard lock(mutex);
                         order.push_back(job);
                       }),
              AllOf(SizeIs(count), Each(IsNull())));
  return order;
}

std::vector<std::size_t> numbers(std::size_t count) {
  std::vector<std::size_t> all(count);
  std::iota(all.begin(), all.end(), 0);
  return all;
}

TEST(Pool, DoesEachJobOnce) { EXPECT_THAT(begun(500, 8), UnorderedElementsAreArray(numbers(500))); }

TEST(Pool, OneWorkerDoesThemInOrder) { EXPECT_THAT(begun(20, 1), ElementsAreArray(numbers(20))); }

TEST(Pool, HasNothingToDoForNoJobs) { EXPECT_THAT(begun(0, 4), SizeIs(0)); }

TEST(Pool, WorksOnAsManyAtOnceAsThereAreWorkers) {
  // Each waits for all others of its three: two workers would wait for ever.
  std::latch all(3);
  EXPECT_THAT(run_pool(3, 3, [&](std::size_t) { all.arrive_and_wait(); }), Each(IsNull()));
}

TEST(Pool, NeverWorksOnMore) {
  std::atomic<int> now{0};
  std::atomic<int> most{0};
  (void)run_pool(60, 3, [&](std::size_t) {
    const int mine = ++now;
    for (int seen = most; mine > seen && !most.compare_exchange_weak(seen, mine);) {
    }
    std::this_thread::yield();
    --now;
  });
  EXPECT_GE(most, 1);
  EXPECT_LE(most, 3);
}

TEST(Pool, AnErrorOfOneJobIsItsOwn) {
  std::atomic<int> done{0};
  const auto thrown = run_pool(9, 3, [&](std::size_t job) {
    if (job == 4) fail(ErrorKind::Skill, "job {} is broken", job);
    ++done;
  });
  EXPECT_EQ(done, 8);
  for (std::size_t job = 0; job < thrown.size(); ++job) {
    if (job != 4) {
      EXPECT_EQ(thrown[job], nullptr) << job;
      continue;
    }
    try {
      std::rethrow_exception(thrown[job]);
    } catch (const Error& error) {
      EXPECT_STREQ(error.what(), "job 4 is broken");
      EXPECT_EQ(error.kind(), ErrorKind::Skill);
    }
  }
}

TEST(Pool, AChildLivesUntilItsJobEndsIt) {
  std::atomic<int> alive{0};
  EXPECT_THAT(run_pool(6, 3,
                       [&](std::size_t) {
                         Process child({"sleep", "60"});
                         if (!child.wait(std::chrono::milliseconds(50))) ++alive;
                         child.stop();
                       }),
              Each(IsNull()));
  EXPECT_EQ(alive, 6);
}

TEST(Pool, CtrlCEndsEveryJobAndStartsNoFurther) {
  EXPECT_EQ(in_child([] {
              install_interrupt_handlers();
              std::atomic<int> started{0};
              std::latch both(2);
              try {
                (void)run_pool(10, 2, [&](std::size_t) {
                  ++started;
                  both.arrive_and_wait();
                  if (started == 2) ::kill(::getpid(), SIGINT);
                  interruptible_sleep(std::chrono::minutes(5));
                });
              } catch (const Error& error) {
                return error.kind() == ErrorKind::Interrupted && started == 2 ? 0 : 1;
              }
              return 2;
            }),
            0);
}

}  // namespace
}  // namespace skillaudit
