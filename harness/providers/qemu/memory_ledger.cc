#include "harness/providers/qemu/memory_ledger.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <map>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/base/interrupt.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;

/// What a VM holds besides the guest's memory, measured as anonymous pages in smaps (QEMU 7.2, TCG,
/// guest of 1 GiB with 2 CPUs; mitmproxy 8.1). QEMU: 297 MiB in a guest at rest, 599 while apt
/// installed packages, 968 while g++ compiled, 1128 at the end of it. All but a tenth is translated
/// code, for which QEMU 7.2 takes an eighth of the machine's memory and at most 1 GiB
/// (tcg/region.c).
constexpr std::uint64_t kMostTranslatedMib = 1024;
constexpr std::uint64_t kTranslatedFraction = 8;
constexpr std::uint64_t kQemuMib = 128;
/// mitmdump: 48 MiB.
constexpr std::uint64_t kProxyMib = 64;
/// For the harness itself and for everybody else.
constexpr std::uint64_t kSpareMib = 256;
constexpr std::chrono::milliseconds kLookAgain{200};

struct Promise {
  std::uint64_t mib = 0;
  pid_t holder = 0;
};

/// "1128 4711\n". Zero where the file is damaged or has just gone.
Promise read_promise(const fs::path& file) {
  Promise promise;
  try {
    const std::string text = read_file(file, 256);
    const char* const end = text.data() + text.size();
    const auto [after, error] = std::from_chars(text.data(), end, promise.mib);
    if (error == std::errc() && after != end) std::from_chars(after + 1, end, promise.holder);
  } catch (const Error&) {
  }
  return promise;
}

/// In place: a new file under the same name would not be the locked one.
void write_promise(const fs::path& file, std::uint64_t mib) {
  std::ofstream out(file);
  out << mib << ' ' << ::getpid() << '\n' << std::flush;
  if (!out) fail(ErrorKind::Environment, "cannot write {}: free some space", file.string());
}

}  // namespace

std::uint64_t vm_memory_mib(int guest_mib, const MachineMemory& memory) {
  return static_cast<std::uint64_t>(guest_mib) + kQemuMib + kProxyMib +
         std::min(kMostTranslatedMib, memory.total_mib / kTranslatedFraction);
}

MemoryShare::MemoryShare(MemoryShare&& other) noexcept
    : file_(std::move(other.file_)), lock_(std::move(other.lock_)) {
  other.file_.clear();
}

MemoryShare& MemoryShare::operator=(MemoryShare&& other) noexcept {
  std::swap(file_, other.file_);
  std::swap(lock_, other.lock_);
  return *this;
}

MemoryShare::~MemoryShare() {
  std::error_code ignored;
  if (!file_.empty()) fs::remove(file_, ignored);
}

MemoryLedger::MemoryLedger(fs::path cache, Read read)
    : folder_(std::move(cache) / "memory"), read_(std::move(read)) {
  std::error_code error;
  fs::create_directories(folder_, error);
  if (error)
    fail(ErrorKind::Environment, "cannot create {}: {}", folder_.string(), error.message());
}

MemoryPromises MemoryLedger::promises() const {
  MemoryPromises sum;
  std::map<pid_t, std::uint64_t> by_holder;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder_, error)) {
    if (!entry.path().filename().string().starts_with("vm-")) continue;
    try {
      if (const auto free = FileLock::try_acquire(entry.path())) {
        std::error_code ignored;
        fs::remove(entry.path(), ignored);  // its holder died
        continue;
      }
    } catch (const Error&) {
      continue;  // given back this moment
    }
    const Promise promise = read_promise(entry.path());
    ++sum.count;
    sum.promised_mib += promise.mib;
    by_holder[promise.holder] += promise.mib;
  }
  for (const auto& [holder, mib] : by_holder)
    sum.unused_mib += mib - std::min(mib, memory_of_children_mib(holder));
  return sum;
}

MemoryShare MemoryLedger::reserve(std::uint64_t mib,
                                  const std::function<void(const std::string&)>& on_wait) {
  for (bool told = false;; interruptible_sleep(kLookAgain)) {
    const MachineMemory memory = read_();
    if (mib > memory.total_mib)
      fail(ErrorKind::Environment,
           "a VM needs up to {} of memory, but this machine has {}: add memory",
           human_bytes(mib << 20), human_bytes(memory.total_mib << 20));
    {
      const FileLock book = FileLock::acquire(folder_ / "lock");
      const MemoryPromises others = promises();
      if (others.count == 0 || mib + others.unused_mib + kSpareMib <= memory.available_mib) {
        // Locked before the others may look at it: they take one without a lock for a dead one's.
        const fs::path file = folder_ / ("vm-" + random_hex(8));
        auto lock = FileLock::try_acquire(file);
        if (!lock) fail(ErrorKind::Internal, "cannot lock {}", file.string());
        MemoryShare share(file, std::move(*lock));
        write_promise(file, mib);
        return share;
      }
      if (!told && on_wait)
        on_wait(fmt::format(
            "this VM needs up to {}, in addition to {} of this user; {} of {} are free",
            human_bytes(mib << 20), count_of(others.count, "other VM"),
            human_bytes(memory.available_mib << 20), human_bytes(memory.total_mib << 20)));
      told = true;
    }
  }
}

MemoryShare reserve_vm_memory(const fs::path& cache, int guest_mib, Progress& progress) {
  return MemoryLedger(cache).reserve(vm_memory_mib(guest_mib, machine_memory()),
                                     [&](const std::string& why) {
                                       progress.stage("Waiting for memory");
                                       progress.detail(why);
                                     });
}

unsigned default_jobs(int guest_mib, const MachineMemory& memory, unsigned processors) {
  const std::uint64_t usable =
      memory.available_mib - std::min<std::uint64_t>(memory.available_mib, kSpareMib);
  const std::uint64_t fit = usable / vm_memory_mib(guest_mib, memory);
  return static_cast<unsigned>(
      std::clamp<std::uint64_t>(std::min<std::uint64_t>(processors, fit), 1, kMostJobs));
}

}  // namespace skillaudit
