#pragma once

#include <string>

#include "harness/agents/agent.h"
#include "harness/machine/first_boot_work.h"

namespace skillaudit {

/// What an audit does in a guest that has booted for the first time: takes the kernel's audit
/// system from its daemon, installs the agent, observes the idle guest as the control, and leaves
/// the witness waiting at the guest's port.
class AuditFirstBoot : public FirstBootWork {
 public:
  /// `agent`: null for none; its programs are on the machine's disk of tools.
  explicit AuditFirstBoot(const Agent* agent) : agent_(agent) {}

  [[nodiscard]] std::string key() const override;
  [[nodiscard]] BaseState run(Machine& machine, SshSession& guest,
                              Progress& progress) const override;

 private:
  const Agent* agent_;
};

}  // namespace skillaudit
