#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/lock.h"

namespace skillaudit {

/// The VMs of a user: those started with `vm start`, and those that an
/// audit kept, suspended on disk. Each is a folder of the cache that only its user may enter:
///
///     runs/HEX/    of a running one; gone when it ends
///     kept/NAME/   of a kept one
///       vm.json       what it is (VmRecord); holds its client key
///       running.json  while it runs (Running)
///       lock          held by the process that it belongs to, while it runs
///       control       that process's socket (control.h)
///       …             of a kept one: its disk with the checkpoints, and what that depends on
///
/// A VM that runs belongs to a process in the foreground and dies with it; there is no daemon.

/// What only a kept VM has.
struct Kept {
  std::string skill;
  std::string verdict;     ///< "APPROVED"
  std::string grade;       ///< "A"; empty without one
  std::string checkpoint;  ///< the one that it wakes from: kBefore, kAfter, or as last left
  std::string image;       ///< "debian-12"
  std::string image_id;    ///< of images/; its disk depends on that image
  int memory_mib = 1024;
  std::string machine;  ///< MachineFiles::description: what its provider needs to wake it
};

struct VmRecord {
  std::string name;
  std::string os;       ///< "Debian GNU/Linux 12 (bookworm)"
  std::string user;     ///< who the guest's shell is for
  std::string created;  ///< RFC 3339, UTC
  std::string client_private_key;
  std::string host_public_key;
  std::optional<Kept> kept;
};

struct Running {
  int pid = 0;  ///< of the process that it belongs to
  std::uint16_t ssh_port = 0;
};

struct Vm {
  std::filesystem::path folder;
  VmRecord record;
  /// None while it is suspended, or not ready yet.
  std::optional<Running> running;
  bool held = false;  ///< a process holds it
};

/// The name of a kept VM's checkpoint from before the skill ran, and of the one from after.
inline constexpr const char* kBefore = "before";
inline constexpr const char* kAfter = "after";

void write_record(const std::filesystem::path& folder, const VmRecord& record);
void write_running(const std::filesystem::path& folder, const Running& running);
void remove_running(const std::filesystem::path& folder);

/// All VMs, running ones first, by name. What cannot be read is left out.
[[nodiscard]] std::vector<Vm> list_vms(const std::filesystem::path& cache);

/// The kept VMs whose overlay uses that image.
[[nodiscard]] std::vector<std::string> vms_on_image(const std::filesystem::path& cache,
                                                    const std::string& image_id);

/// The VM called `name`, or, where that is empty, the only one. Throws Error{Usage} that names
/// those that exist, for none or several, and says how to get a VM. `command` is what to
/// type with a name: "vm ssh".
[[nodiscard]] Vm choose_vm(const std::vector<Vm>& vms, const std::string& name,
                           const std::string& command);

/// Held while a name is looked for and taken, so that two processes never take the same.
[[nodiscard]] FileLock lock_names(const std::filesystem::path& cache);
/// `wanted`, or "wanted-2", "wanted-3", … where it is taken.
[[nodiscard]] std::string free_name(const std::vector<Vm>& vms, const std::string& wanted);

}  // namespace skillaudit
