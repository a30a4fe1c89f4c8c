#pragma once

#include <optional>
#include <vector>

#include "harness/evidence/machine_log.h"

namespace skillaudit {

/// What the hypervisor reports of a machine while it runs: its events and its resource use. Made by
/// Machine::monitor(); used by one thread, which need not be the machine's. Ends before the machine
/// does, and before the machine boots again.
class MachineMonitor {
 public:
  virtual ~MachineMonitor() = default;

  /// Readable when take() has data; -1 at the end.
  [[nodiscard]] virtual int fd() const = 0;
  /// Asks for a sample. It comes with a later take().
  virtual void request_sample() = 0;
  /// What has come. Never waits. Times are left zero: the caller's clock counts.
  struct Taken {
    std::vector<MachineEvent> events;
    std::optional<ResourceSample> sample;
  };
  [[nodiscard]] virtual Taken take() = 0;
};

}  // namespace skillaudit
