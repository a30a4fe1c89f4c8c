#pragma once

#include "harness/audit/sandbox.h"
#include "harness/evidence/evidence.h"
#include "harness/evidence/world.h"
#include "harness/observe/observe.h"

namespace skillaudit {

/// The network of a world: this host's mirrors, and everything else is answered by the proxy. What
/// the user's own rules open is not asked again.
[[nodiscard]] Policy policy_of_world(Policy policy);

struct WorldRun {
  double took_s = 0;    ///< until its last step ended
  bool in_time = true;  ///< no step ran into the limit
};

/// Runs the steps in a clone, and writes its evidence to `spec.evidence_dir`, which is made: whole
/// where the world is judged, else what it sent. `audit`: what is known of it before anything runs.
/// Throws Error{Evidence} where it was lost.
WorldRun observe_world(MachineProvider& provider, const SandboxSpec& spec,
                       const Observation& observation, const WorldKind& world,
                       const Evidence& audit);

/// Removes what is there of a world that was lost, and says so. Throws on Ctrl-C.
[[nodiscard]] Gap lost_world(const WorldKind& world, const std::filesystem::path& folder,
                             const std::exception& error);

}  // namespace skillaudit
