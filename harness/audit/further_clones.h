#pragma once

#include <filesystem>
#include <functional>
#include <optional>

#include "harness/audit/audit.h"
#include "harness/bundle/raw_evidence.h"

namespace skillaudit {

/// Asked at the end of an audit whether the skill is audited again; none: it is not.
using GoesOn = std::function<bool(const AuditResult&)>;

/// Whether an audit takes more than one clone.
[[nodiscard]] bool has_worlds(const AuditSpec& spec);

/// What further clones of an audit start from and add to. All of it must outlive this.
struct FurtherClones {
  MachineProvider& provider;
  const SandboxSpec& machine;  ///< of the audit's first clone
  const Observation& observation;
  const Rubric& rubric;
  const std::filesystem::path& bundle;
  Evidence& evidence;
  const RawEvidence& raw;
  Progress& progress;
};

/// Runs the skill in more worlds where that could tell more, unless it is refused by what was seen
/// already, or is audited again. Says whether it is, where that was asked.
std::optional<bool> look_at_worlds(const FurtherClones& further, const GoesOn& goes_on);

/// Runs the skill once more with conditions of its code set aside, where lines that could harm did
/// not run, unless it is refused by what was seen already. The lines must have been measured.
void look_behind_conditions(const FurtherClones& further);

}  // namespace skillaudit
