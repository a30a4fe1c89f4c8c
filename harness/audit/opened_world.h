#pragma once

#include <filesystem>
#include <vector>

#include "harness/analysis/harm.h"
#include "harness/audit/sandbox.h"
#include "harness/base/progress.h"
#include "harness/evidence/evidence.h"
#include "harness/observe/observe.h"

namespace skillaudit {

/// Runs a skill whose code could do harm that nobody saw, with the conditions set aside that kept
/// it from running (conditions/open_gates.h): a date, a variable, a number of processors, an
/// answer. The copy that runs is changed, the user's skill never.
class OpenedWorld {
 public:
  /// `first`: of the audit's first clone. `bundle`: gets a folder of the world. `timeout_s`: for
  /// all steps together. All of it must outlive this, but for the observation.
  OpenedWorld(MachineProvider& provider, const SandboxSpec& first, Observation observation,
              std::filesystem::path bundle, double timeout_s);

  /// Nothing happens where no condition can be set aside. Two clones at once: of one the effects
  /// count, the other one tells which lines ran. Adds to `evidence` that there is such a world, or
  /// what was lost. Seconds that its steps took. Throws Error{Interrupted} on Ctrl-C.
  double run(const std::vector<Harm>& harm, Evidence& evidence, Progress& progress) const;

 private:
  /// Changes the copy in `folder`; a sentence for each program that it changed.
  [[nodiscard]] std::vector<std::string> change(const std::filesystem::path& folder,
                                                const std::vector<Harm>& harm,
                                                const Evidence& evidence) const;

  MachineProvider& provider_;
  SandboxSpec sandbox_;
  Observation observation_;
  std::filesystem::path bundle_;
};

}  // namespace skillaudit
