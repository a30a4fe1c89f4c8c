#include "harness/providers/qemu/memory_ledger.h"

#include <gmock/gmock.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <future>

#include "harness/base/error.h"
#include "harness/base/fd.h"
#include "harness/base/file.h"
#include "harness/base/temp_dir.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;

class Ledger : public testing::Test {
 protected:
  /// A machine with 4 GiB, all of it free.
  [[nodiscard]] MemoryLedger ledger(std::uint64_t available_mib = 4096) const {
    return MemoryLedger(cache_.path(), [available_mib] {
      return MachineMemory{.total_mib = 4096, .available_mib = available_mib};
    });
  }
  [[nodiscard]] std::vector<std::string> entries() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(cache_.path() / "memory"))
      if (const std::string name = entry.path().filename(); name != "lock") names.push_back(name);
    return names;
  }
  TempDir cache_;
};

/// Another process that holds a share until it is killed.
class Holder {
 public:
  Holder(const fs::path& cache, std::uint64_t mib) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    const Fd ready(ends[0]);
    pid_ = ::fork();
    if (pid_ == 0) {
      try {
        const MemoryShare share = MemoryLedger(cache).reserve(mib);
        [[maybe_unused]] const auto told = ::write(ends[1], "!", 1);
        for (;;) ::pause();
      } catch (...) {
      }
      ::_exit(1);
    }
    ::close(ends[1]);
    char byte = 0;
    EXPECT_EQ(::read(ready.get(), &byte, 1), 1) << "the holder got no share";
  }
  ~Holder() { kill(); }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;
  void kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }

 private:
  pid_t pid_ = -1;
};

TEST_F(Ledger, PromisesAndTakesBack) {
  {
    const MemoryShare first = ledger().reserve(1000);
    const MemoryShare second = ledger().reserve(500);
    EXPECT_EQ(ledger().promises().count, 2U);
    EXPECT_EQ(ledger().promises().promised_mib, 1500U);
  }
  EXPECT_EQ(ledger().promises().count, 0U);
  EXPECT_THAT(entries(), IsEmpty());
}

TEST_F(Ledger, AMovedShareIsGivenBackOnce) {
  MemoryShare share;
  {
    MemoryShare first = ledger().reserve(1000);
    share = std::move(first);
  }
  EXPECT_EQ(ledger().promises().count, 1U);
  share = MemoryShare();
  EXPECT_EQ(ledger().promises().count, 0U);
}

TEST_F(Ledger, WaitsForWhatDoesNotFitAndSaysSoOnce) {
  auto first = std::make_unique<MemoryShare>(ledger().reserve(3000));
  std::atomic<int> told{0};
  std::string why;
  auto second = std::async(std::launch::async, [&] {
    return ledger().reserve(1500, [&](const std::string& text) {
      why = text;
      ++told;
    });
  });
  EXPECT_EQ(second.wait_for(std::chrono::milliseconds(700)), std::future_status::timeout);
  EXPECT_EQ(told, 1);
  first.reset();
  const MemoryShare share = second.get();
  EXPECT_EQ(told, 1);
  EXPECT_EQ(why,
            "this VM needs up to 1.5 GiB, in addition to 1 other VM of this user; 4.0 GiB of 4.0 "
            "GiB are free");
  EXPECT_EQ(ledger().promises().promised_mib, 1500U);
}

TEST_F(Ledger, CountsWhatOtherProcessesWerePromised) {
  Holder other(cache_.path(), 3000);
  EXPECT_EQ(ledger().promises().promised_mib, 3000U);
  auto mine =
      std::async(std::launch::async, [&] { return ledger().reserve(1500, [](const auto&) {}); });
  EXPECT_EQ(mine.wait_for(std::chrono::milliseconds(500)), std::future_status::timeout);
  other.kill();
  (void)mine.get();
}

TEST_F(Ledger, AKilledHolderFreesItsShare) {
  Holder other(cache_.path(), 3000);
  other.kill();
  EXPECT_THAT(entries(), testing::SizeIs(1));
  EXPECT_EQ(ledger().promises().count, 0U);
  EXPECT_THAT(entries(), IsEmpty());
  (void)ledger().reserve(3000);
}

TEST_F(Ledger, TheOnlyVmNeverWaitsForOtherPrograms) { (void)ledger(100).reserve(1500); }

TEST_F(Ledger, RefusesWhatTheMachineDoesNotHave) {
  try {
    (void)ledger().reserve(5000);
    FAIL() << "5000 MiB were promised on a machine with 4096";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Environment);
    EXPECT_THAT(error.what(),
                HasSubstr("a VM needs up to 4.9 GiB of memory, but this machine has 4.0 GiB"));
  }
  EXPECT_THAT(entries(), IsEmpty());
}

TEST_F(Ledger, AnEntryThatIsDamagedStillCountsAsAVm) {
  const MemoryShare share = ledger().reserve(1000);
  std::ofstream(cache_.path() / "memory" / entries().at(0)) << "nonsense";
  EXPECT_EQ(ledger().promises().count, 1U);
  EXPECT_EQ(ledger().promises().promised_mib, 0U);
}

TEST(DefaultJobs, FollowProcessorsAndMemory) {
  const MachineMemory large{.total_mib = 64 << 10, .available_mib = 60 << 10};
  EXPECT_EQ(default_jobs(1024, large, 2), 2U);
  EXPECT_EQ(default_jobs(1024, large, 16), 16U);
  EXPECT_EQ(default_jobs(1024, large, 0), 1U);  // hardware_concurrency() may not know
  EXPECT_EQ(default_jobs(1024, large, 1000), 27U);
  EXPECT_EQ(default_jobs(1024, {.total_mib = 4096, .available_mib = 3800}, 8), 2U);
  EXPECT_EQ(default_jobs(1024, {.total_mib = 2048, .available_mib = 300}, 8), 1U);
}

TEST(VmMemory, HoldsTheGuestAndWhatEmulatesIt) {
  EXPECT_EQ(vm_memory_mib(1024, {.total_mib = 64 << 10}), 1024U + 1024 + 128 + 64);
  EXPECT_EQ(vm_memory_mib(1024, {.total_mib = 4096}), 1024U + 512 + 128 + 64);
}

}  // namespace
}  // namespace skillaudit
