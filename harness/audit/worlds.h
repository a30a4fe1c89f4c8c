#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/audit/sandbox.h"
#include "harness/base/progress.h"
#include "harness/evidence/evidence.h"
#include "harness/evidence/world.h"
#include "harness/observe/observe.h"

namespace skillaudit {

/// How many clones an audit takes.
enum class Depth {
  Quick,    ///< one, in which no host answers but the mirrors
  Standard  ///< more worlds (evidence/world.h), where what the skill does could depend on them
};

/// Seconds that the steps of one world may take at least; half as long again as those of the first
/// clone took.
inline constexpr double kWorldTimeout = 60;

/// What runs in a world: the steps; then all of them again with the variables that agents set and
/// those that the skill compares with a word, on a terminal; then the subcommands that none of them
/// gave. A skill may act at its second start alone, or only where an agent starts it.
[[nodiscard]] Plan plan_of_world(Plan plan, const Skill& skill);

/// Runs an audit's skill in further clones. A pair at a time, as that needs two processors.
class Worlds {
 public:
  /// `first`: of the audit's first clone, with its seed and identity. `bundle`: gets a folder for
  /// each world. All of it must outlive this, but for the observation.
  Worlds(MachineProvider& provider, const SandboxSpec& first, Observation observation,
         const Skill& skill, std::filesystem::path bundle);

  /// Whether what the skill does could depend on a world: it addressed somebody else than the
  /// mirrors, or these after it opened a secret, or its code could fetch what it runs or send
  /// secrets. `raw`: of the first clone.
  [[nodiscard]] bool are_wanted(const Evidence& evidence, const RawEvidence& raw) const;

  /// Makes them, and further pairs as long as what left differs. Adds to `evidence` which there
  /// are, and what was lost. Throws Error{Interrupted} on Ctrl-C.
  void run(Evidence& evidence, Progress& progress);

 private:
  struct Made {
    bool whole = false;
    std::vector<Gap> gaps;
  };
  [[nodiscard]] bool opens_known(const Evidence& evidence, const RawEvidence& raw) const;
  void run_pair(std::size_t first, Evidence& evidence);
  [[nodiscard]] Made make(const WorldKind& world, const Evidence& evidence) const;

  MachineProvider& provider_;
  SandboxSpec sandbox_;
  Observation observation_;
  std::filesystem::path bundle_;
  std::string other_seed_;
};

}  // namespace skillaudit
