#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "harness/base/lock.h"
#include "harness/base/workspace.h"
#include "harness/machine/provider.h"
#include "harness/traffic/policy.h"
#include "harness/traffic/proxy.h"
#include "harness/user_vms/record.h"

namespace skillaudit {

/// VMs that an audit kept: no process, only files. Memory and disk of two moments, before the skill
/// ran and after, are checkpoints. A kept VM has its own copy of everything it depends on, except
/// the image, which cannot be removed while a kept VM depends on it.

/// What store_kept() takes over.
struct GuestToKeep {
  VmRecord record;     ///< with `kept`; `name` is what is wanted
  MachineFiles files;  ///< of a machine that has ended; moved
  Policy policy;
};

/// Files it under `kept/` and returns the name that it got: the wanted one, or with a number where
/// that is taken. Throws Error{Environment} (disk full); nothing is half kept then.
std::string store_kept(const std::filesystem::path& cache, const MachineProvider& provider,
                       GuestToKeep guest);

/// Throws Error{Environment} when the checkpoints of a guest of that size would not fit.
void require_room_to_keep(const std::filesystem::path& cache, int memory_mib);

/// A kept VM while it runs: behind a proxy of its own with the audit's policy, ready to be entered.
/// Destroyed without suspend(), it is what it was before it woke. Move-only.
class AwakeVm {
 public:
  /// Throws Error{Environment}: in use by another process, its image gone, saved by a hypervisor
  /// of another version. `detail` gets a line about the work under way. `provider` must outlive it.
  static AwakeVm open(const std::filesystem::path& cache, const MachineProvider& provider,
                      const Vm& vm, const std::function<void(const std::string&)>& detail);

  [[nodiscard]] Machine& machine() noexcept { return *machine_; }
  [[nodiscard]] Running running() const { return running_; }
  /// What of it has ended; none while it runs.
  [[nodiscard]] std::optional<Ending> ending();
  /// Saves it as it is now and ends machine and proxy; the next time it wakes from there. Throws
  /// Error{Environment} (disk full); it then stays as it was before it woke.
  void suspend();

  ~AwakeVm();
  AwakeVm(AwakeVm&&) noexcept = default;

 private:
  explicit AwakeVm(const MachineProvider& provider) : provider_(&provider) {}
  const MachineProvider* provider_;
  Vm vm_;
  FileLock lock_;
  std::unique_ptr<Workspace> workspace_;
  std::unique_ptr<Proxy> proxy_;
  std::unique_ptr<Machine> machine_;
  Running running_;
};

/// The state before the skill ran is the one that it wakes from next; the other one is removed.
void roll_back(const MachineProvider& provider, const Vm& vm);
/// Ends it for good and removes its files.
void remove_kept(const std::filesystem::path& cache, const Vm& vm);

/// Bytes that its files take on disk.
[[nodiscard]] std::uint64_t size_on_disk(const std::filesystem::path& folder);

}  // namespace skillaudit
