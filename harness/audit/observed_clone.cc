#include "harness/audit/observed_clone.h"

#include <chrono>

#include "harness/base/error.h"

namespace skillaudit {

void note_machine(const Sandbox& sandbox, Evidence& evidence) {
  evidence.control = sandbox.base().control;
  evidence.decoys = sandbox.home().decoys;
  evidence.canaries = sandbox.home().canaries;
  evidence.drawn = sandbox.home().drawn;
  evidence.asked_folders = sandbox.home().projects;
}

void observe_with_gaps(const Observation& observation, Sandbox& sandbox,
                       const std::filesystem::path& folder, Evidence& evidence, RawEvidence& raw,
                       Progress& progress, const ModelEnd* model) {
  std::chrono::milliseconds patience{0};
  std::string lost;  // why the guest could not be observed any more
  try {
    observe(observation, sandbox.subject(), folder, evidence, raw, progress);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Evidence) throw;
    lost = error.what();
    evidence.gaps.push_back(evidence.execution.aborted.empty()
                                ? Gap::lost(GapSource::Guest, lost)
                                : Gap::not_exercised(GapSource::Execution, lost));
    patience = kDying;
  }
  if (model && !model->problem().empty())
    evidence.gaps.push_back(Gap::not_exercised(GapSource::Model, model->problem()));
  if (!observation.plan.nothing_to_run.empty())
    evidence.gaps.push_back(
        Gap::not_exercised(GapSource::Execution, observation.plan.nothing_to_run));
  if (const auto ended = sandbox.ending(patience); ended && ended->text != lost)
    evidence.gaps.push_back(Gap::lost(GapSource::Machine, ended->text));
}

}  // namespace skillaudit
