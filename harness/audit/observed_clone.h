#pragma once

#include <filesystem>

#include "harness/audit/model_end.h"
#include "harness/audit/sandbox.h"
#include "harness/base/progress.h"
#include "harness/bundle/raw_evidence.h"
#include "harness/evidence/evidence.h"
#include "harness/observe/observe.h"

namespace skillaudit {

/// What stands in the evidence of the sandbox before anything runs in it.
void note_machine(const Sandbox& sandbox, Evidence& evidence);

/// Observes the guest. What is lost of it becomes a gap, and so does its end, by itself or not.
/// `model`: null where no agent runs the skill.
void observe_with_gaps(const Observation& observation, Sandbox& sandbox,
                       const std::filesystem::path& folder, Evidence& evidence, RawEvidence& raw,
                       Progress& progress, const ModelEnd* model);

}  // namespace skillaudit
