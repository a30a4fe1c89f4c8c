#pragma once

#include <atomic>
#include <filesystem>
#include <future>
#include <string>
#include <vector>

#include "harness/audit/sandbox.h"
#include "harness/audit/world_budget.h"
#include "harness/audit/world_clone.h"
#include "harness/base/progress.h"
#include "harness/evidence/evidence.h"
#include "harness/evidence/world.h"
#include "harness/observe/observe.h"

namespace skillaudit {

/// What runs in a world: the steps; then all of them again with the variables that agents set and
/// those that the skill compares with a word, on a terminal; then the subcommands that none of them
/// gave. A skill may act at its second start alone, or only where an agent starts it.
[[nodiscard]] Plan plan_of_world(Plan plan, const Skill& skill);

/// Runs an audit's skill in the worlds that are compared (kComparedWorlds). A pair at a time, as
/// that needs two processors.
class Worlds {
 public:
  /// `first`: of the audit's first clone, with its seed and identity; its evidence goes into the
  /// bundle. `start`: what is known before anything ran. The folder of a world grows in `aside`,
  /// and is moved into the bundle. `compares`: not only the first world is made. `provider` must
  /// outlive this.
  Worlds(MachineProvider& provider, const SandboxSpec& first, Observation observation,
         Evidence start, std::filesystem::path aside, bool compares);
  /// What was begun ends soon.
  ~Worlds();
  Worlds(const Worlds&) = delete;
  Worlds& operator=(const Worlds&) = delete;

  /// Begins the first pair on threads of its own, before it is known whether it is wanted.
  void begin();
  /// What was begun is not wanted: it ends soon, and nothing of it gets into the bundle.
  void drop();

  /// Whether what the skill does could depend on a world: it addressed somebody else than the
  /// mirrors, or these after it opened a secret, or its code could fetch what it runs or send
  /// secrets. `raw`: of the first clone.
  [[nodiscard]] bool are_wanted(const Evidence& evidence, const RawEvidence& raw) const;

  /// Makes them, and further pairs as long as what left differs. Adds to `evidence` which there
  /// are, and what was lost. Throws Error{Interrupted} on Ctrl-C.
  void run(Evidence& evidence, WorldBudget& budget, Progress& progress);

 private:
  struct Made {
    bool whole = false;
    WorldRun run = {};
    std::vector<Gap> gaps;
  };
  using Making = std::vector<std::future<Made>>;

  [[nodiscard]] bool opens_known(const Evidence& evidence, const RawEvidence& raw) const;
  [[nodiscard]] Made make(const WorldKind& world, double timeout_s) const;
  [[nodiscard]] Making begin_pair(std::size_t first, double timeout_s) const;
  [[nodiscard]] std::vector<Made> run_pair(std::size_t first, WorldBudget& budget);
  /// False where the pair is not whole.
  [[nodiscard]] bool take_pair(std::size_t first, WorldBudget& budget, Evidence& evidence);

  MachineProvider& provider_;
  SandboxSpec sandbox_;
  Observation observation_;
  Evidence start_;
  std::filesystem::path bundle_;
  std::filesystem::path aside_;
  std::string other_seed_;
  std::size_t at_once_;
  std::atomic<bool> dropped_ = false;
  Making begun_;  ///< its destructor waits for the threads
};

}  // namespace skillaudit
