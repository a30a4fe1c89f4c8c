#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "harness/machine/ending.h"
#include "harness/machine/facts.h"
#include "harness/machine/guest_port.h"
#include "harness/machine/monitor.h"

namespace skillaudit {

/// A machine that has ended, as its provider needs it to keep it (MachineProvider::store).
struct MachineFiles {
  std::filesystem::path disk;       ///< what the guest wrote
  std::filesystem::path base_disk;  ///< the disk below it; empty: the image's own
  std::filesystem::path seed;       ///< what it was configured with
  std::string description;          ///< JSON; for its provider alone
};

/// One guest, from its start to its end: what an audit can observe and do, independent of what runs
/// it. Made by a MachinePool or by MachineProvider::wake(). Destroying it ends the guest at once.
///
/// facts().can says which of these work. A call that does not work for this machine, or a machine
/// that has ended, throws Error{Evidence} unless the call says otherwise.
class Machine {
 public:
  virtual ~Machine() = default;

  [[nodiscard]] virtual const MachineFacts& facts() const = 0;
  /// The port on 127.0.0.1 that reaches the guest's SSH server.
  [[nodiscard]] virtual std::uint16_t ssh_port() const = 0;
  /// Our end of the serial port at which the witness waits.
  [[nodiscard]] virtual GuestPort& port() = 0;
  /// Readable when the guest sent something through the port of the trace; -1: it has none.
  [[nodiscard]] virtual int trace_fd() const = 0;
  /// At most one at a time; null for a machine that reports nothing.
  [[nodiscard]] virtual std::unique_ptr<MachineMonitor> monitor() = 0;

  /// The guest stands still, its clock too, and its disk can be read as it is now: by NBD on the
  /// Unix socket `socket`, under the name kDiskExport, read-only.
  virtual void freeze_disk(const std::filesystem::path& socket) = 0;
  static constexpr const char* kDiskExport = "disk";
  /// The guest runs on. Also after a freeze that failed, and for a machine that has ended.
  virtual void thaw_disk() noexcept = 0;

  /// Saves memory, devices and disk of this moment under `tag`. The guest stands still meanwhile, a
  /// second or two, and its clock is late by that. Throws Error{Environment}: disk full, tag taken.
  virtual void save_checkpoint(const std::string& tag) = 0;
  /// Returns the running guest to a checkpoint. Connections to it break, and its clock is that of
  /// the checkpoint. Throws Error{Environment}; the guest then stands still.
  virtual void load_checkpoint(const std::string& tag) = 0;

  /// Ends the guest if it still runs and boots it from its disk as it is now, with its console and
  /// its network in files of their own. ssh_port() and port() change.
  virtual void boot_again(const std::filesystem::path& console,
                          const std::filesystem::path& capture) = 0;

  /// How it ended; none while it runs.
  [[nodiscard]] virtual std::optional<Ending> ending() = 0;
  /// Readable when it ends.
  [[nodiscard]] virtual int ended_fd() const = 0;
  /// Ends it in order, so that its disk, the capture of its network and its console are whole;
  /// kills it if that takes longer than `patience`. Throws nothing but Error{Interrupted}.
  virtual void end(std::chrono::milliseconds patience = std::chrono::seconds(20)) = 0;
  /// Its files. Complete once it has ended.
  [[nodiscard]] virtual MachineFiles files() const = 0;

  [[nodiscard]] bool running() { return !ending(); }
};

}  // namespace skillaudit
