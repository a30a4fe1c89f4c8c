#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "harness/machine/monitor.h"
#include "harness/providers/qemu/running_qemu.h"

namespace skillaudit {

/// QEMU's events and what the process uses, over its second control socket.
class QemuMonitor : public MachineMonitor {
 public:
  /// `qemu` must outlive it.
  explicit QemuMonitor(RunningQemu& qemu);

  [[nodiscard]] int fd() const override { return open_ ? qemu_.events_fd() : -1; }
  void request_sample() override { send("query-blockstats"); }
  [[nodiscard]] Taken take() override;

 private:
  void send(const char* command);
  void take_message(const nlohmann::json& message, Taken& taken);
  /// Completes `sample`, which has the disk's numbers; false once QEMU has ended.
  bool complete(ResourceSample& sample);

  RunningQemu& qemu_;
  std::string buffer_;  ///< up to a line feed
  bool open_ = true;
  double last_sample_ = 0, last_cpu_ = 0;
};

}  // namespace skillaudit
