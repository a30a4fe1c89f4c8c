#pragma once

#include <string>

#include "harness/audit/audit.h"
#include "harness/audit/sandbox.h"
#include "harness/user_vms/record.h"

namespace skillaudit {

/// `--keep`: saves the audit's VM as it is before the skill runs and after the audit, and files it
/// among the user's VMs (user_vms/kept.h) when the verdict asks for that. Does nothing for Never.
class Keeper {
 public:
  /// Throws Error{Environment} when there is no room for it: asked before the skill runs.
  Keeper(Keep when, const MachineProvider& provider, Sandbox& sandbox);

  /// Throws Error{Environment} (disk full).
  void before_the_skill(Progress& progress);
  /// Ends the guest's session and the machine. A VM that is gone, or does not fit, is
  /// not kept; the audit goes on.
  void after_the_audit(Progress& progress);
  /// Of a sandbox that is closed: keeps it or lets it go, and says so in `result`.
  void decide(AuditResult& result);

 private:
  Keep when_;
  const MachineProvider& provider_;
  Sandbox& sandbox_;
  VmRecord record_;
  bool has_before_ = false;
  bool has_after_ = false;
  std::string problem_;
};

}  // namespace skillaudit
