#pragma once

#include <string>
#include <vector>

#include "harness/audit/audit.h"
#include "harness/audit/missing_packages.h"
#include "harness/audit/sandbox.h"
#include "harness/evidence/evidence.h"
#include "harness/observe/observe.h"

namespace skillaudit {

/// What an audit runs in its VM, and what that is made of.
struct PlannedRun {
  SandboxSpec machine;  ///< its evidence_dir is the caller's to set
  Observation observation;
  std::string skill_dir;              ///< where the skill is installed in the guest
  std::vector<std::string> arranged;  ///< what was arranged for it, for the report
};

/// Plans all that runs, and prepares what it needs. `missing`: what is added to the machine because
/// an earlier audit lacked it. `evidence` has the skill; it gets an agent's prompts, the project's
/// folder, and a gap for each instruction that nobody can interpret.
[[nodiscard]] PlannedRun plan_run(const AuditSpec& spec, const GuestAccount& account,
                                  const std::vector<MissingThing>& missing, Evidence& evidence);

}  // namespace skillaudit
