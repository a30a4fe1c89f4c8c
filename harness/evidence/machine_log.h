#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace skillaudit {

/// What the VM used, as its host sees it.
struct ResourceSample {
  double time_s = 0;  ///< seconds after the skill began
  double cpus = 0;    ///< processors in use since the last sample: 0 to Environment::cpus, and what
                      ///< the hypervisor itself needs
  std::uint64_t memory_bytes = 0;     ///< that the hypervisor holds of its own
  std::uint64_t disk_read_bytes = 0;  ///< since the VM started
  std::uint64_t disk_written_bytes = 0;
  std::uint64_t network_bytes = 0;  ///< both directions, as captured
};

/// An event that the hypervisor reported. No process of the guest can make or prevent it.
struct MachineEvent {
  double time_s = 0;
  std::string name;    ///< "VSERPORT_CHANGE", "GUEST_PANICKED", "SHUTDOWN"
  std::string detail;  ///< "trace closed"
};

/// A line of the guest's console that tells of trouble. Whoever is root in the guest can write one.
struct ConsoleEvent {
  enum class Kind { Warning, OutOfMemory, Crash, Panic };
  Kind kind = Kind::Warning;
  double uptime_s = 0;  ///< the kernel's own stamp
  std::string text;
  int line = 0;  ///< in console.log, 1-based
};

struct MachineLog {
  std::vector<ResourceSample> samples;  ///< twice a second
  std::vector<MachineEvent> events;
  std::vector<ConsoleEvent> console;
};

}  // namespace skillaudit
