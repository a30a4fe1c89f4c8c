#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "harness/base/progress.h"
#include "harness/bundle/raw_evidence.h"
#include "harness/evidence/evidence.h"
#include "harness/observe/subject.h"
#include "harness/runner/plan.h"

namespace skillaudit {

struct Observation {
  Plan plan;
  double timeout_s = 600;         ///< for all steps together
  std::string working_directory;  ///< of the steps, in the guest
  bool check_boot = true;         ///< boot once more where what a boot reads was changed
  /// Commands that run before the state before is taken.
  std::vector<std::string> setup = {};
  /// Absolute paths of files whose text is kept with the evidence, as the run left them.
  std::vector<std::string> wanted_texts = {};
  /// Called once the state before is known, before anything of the skill runs.
  std::function<void()> before_the_skill;
};

/// The part in which the guest takes part: state before, the steps under trace, state after, the
/// next boot. What was seen is added to `evidence` and `raw`; `bundle` gets the trace. Whatever
/// fails here is missing evidence: throws Error{Evidence}.
void observe(const Observation& observation, const Subject& subject,
             const std::filesystem::path& bundle, Evidence& evidence, RawEvidence& raw,
             Progress& progress);

}  // namespace skillaudit
