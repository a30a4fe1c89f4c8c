#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/audit/world_budget.h"
#include "harness/audit/worlds.h"
#include "harness/base/progress.h"
#include "harness/bundle/raw_evidence.h"
#include "harness/rules/rubric.h"
#include "reports/report_bundle.h"

namespace skillaudit {

/// How many clones an audit takes.
enum class Depth {
  Quick,     ///< one, in which no host answers but the mirrors
  Standard,  ///< more worlds (evidence/world.h), where what the skill does could depend on them
  Deep       ///< all worlds, whatever the skill does
};

struct WorldsSpec {
  Depth depth = Depth::Standard;
  std::vector<std::string> only = {};   ///< names in kChosenWorlds; empty: all of them
  std::optional<double> budget_s = {};  ///< as WorldBudget
  bool beside = false;                  ///< processors are free while the first clone runs
};

/// What `WorldsSpec::only` may name. Each pair of kComparedWorlds goes by its first.
inline constexpr std::array kChosenWorlds = {kComparedWorlds[0].name, kComparedWorlds[1].name,
                                             kOpenedWorld.name, kLaterWorld.name};

/// Asked at the end of an audit whether the skill is audited again; none: it is not.
using GoesOn = std::function<bool(const AuditResult&)>;

/// The further clones of one audit: the worlds that are compared, the one in which conditions are
/// set aside, and the one in which what is left on the machine is run.
class FurtherClones {
 public:
  /// `machine`: of the audit's first clone, with its seed and identity. `start`: what is known
  /// before anything ran. `aside`: as of Worlds. Provider and rubric must outlive this.
  FurtherClones(MachineProvider& provider, const WorldsSpec& spec, const SandboxSpec& machine,
                const Observation& observation, const Evidence& start, const Rubric& rubric,
                std::filesystem::path aside);

  /// Begins what will be wanted, judging by the skill's code, beside the first clone.
  void begin();

  /// Runs the skill in more worlds where that could tell more, unless it is refused by what was
  /// seen already, or is audited again. Says whether it is, where that was asked. Adds to
  /// `evidence`; `raw`: of the first clone.
  std::optional<bool> look_at_worlds(Evidence& evidence, const RawEvidence& raw,
                                     const GoesOn& goes_on, Progress& progress);

  /// Runs the skill once more with conditions of its code set aside, where lines that could harm
  /// did not run, unless it is refused by what was seen already. The lines must have been measured.
  void look_behind_conditions(Evidence& evidence, const RawEvidence& raw, Progress& progress);

  /// Runs the skill once more, and then what it left on the machine, as time or a program's next
  /// start would run it (analysis/later.h), unless it is refused by what was seen already.
  void look_at_what_stays(Evidence& evidence, const RawEvidence& raw, Progress& progress);

 private:
  [[nodiscard]] bool has(std::string_view world) const;
  [[nodiscard]] AuditResult assess(const Evidence& evidence, const RawEvidence& raw) const;

  MachineProvider& provider_;
  WorldsSpec spec_;
  SandboxSpec machine_;
  Observation observation_;
  const Rubric& rubric_;
  std::filesystem::path bundle_;
  Evidence start_;
  WorldBudget budget_;
  Worlds worlds_;
};

}  // namespace skillaudit
