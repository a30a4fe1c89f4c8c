#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "harness/base/lock.h"
#include "harness/base/memory.h"
#include "harness/base/progress.h"
#include "harness/machine/provider.h"

namespace skillaudit {

/// Who may start a VM now: `memory/` of the cache has what each VM reserved, one file
/// for each VM, for all processes of this user. Its owner holds a lock on it for as long as the VM
/// may run, so that a promise dies with the process that was given it.

/// What one VM with `guest_mib` of memory may come to on this host, QEMU's and the proxy's own
/// included.
[[nodiscard]] std::uint64_t vm_memory_mib(int guest_mib, const MachineMemory& memory);

/// A promise of memory; gives it back when destroyed. Move-only.
class MemoryShare {
 public:
  MemoryShare() = default;
  MemoryShare(MemoryShare&& other) noexcept;
  MemoryShare& operator=(MemoryShare&& other) noexcept;
  ~MemoryShare();

 private:
  friend class MemoryLedger;
  MemoryShare(std::filesystem::path file, FileLock lock)
      : file_(std::move(file)), lock_(std::move(lock)) {}
  std::filesystem::path file_;
  FileLock lock_;
};

/// The current reservations.
struct MemoryPromises {
  std::size_t count = 0;
  std::uint64_t promised_mib = 0;
  std::uint64_t unused_mib = 0;  ///< of it, what their holders have not taken yet
};

class MemoryLedger {
 public:
  using Read = std::function<MachineMemory()>;
  explicit MemoryLedger(std::filesystem::path cache, Read read = machine_memory);

  /// Waits until `mib` fit beside what others were promised, and promises them. `on_wait` is called
  /// once, with a sentence, when it has to wait. Without other reservations it never waits: other
  /// programs' memory may never come free. Throws Error{Environment} when the machine has less than
  /// that in all, Error{Interrupted} on Ctrl-C.
  [[nodiscard]] MemoryShare reserve(std::uint64_t mib,
                                    const std::function<void(const std::string&)>& on_wait = {});
  /// Of those whose holders live.
  [[nodiscard]] MemoryPromises promises() const;

 private:
  std::filesystem::path folder_;
  Read read_;
};

/// The reservation for one VM from the ledger in `cache`; a separate stage in `progress` when it
/// has to wait.
[[nodiscard]] MemoryShare reserve_vm_memory(const std::filesystem::path& cache, int guest_mib,
                                            Progress& progress);

/// The default number of concurrent VMs with `guest_mib` each: as many as there are
/// processors, and as fit into the free memory; at least one.
[[nodiscard]] unsigned default_jobs(int guest_mib, const MachineMemory& memory,
                                    unsigned processors);

}  // namespace skillaudit
