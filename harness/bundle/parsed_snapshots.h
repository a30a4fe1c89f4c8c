#pragma once

#include <optional>

#include "harness/evidence/snapshot.h"

namespace skillaudit {

/// Snapshots that somebody parsed from the raw tables that a bundle has: they need not be parsed
/// again.
struct ParsedSnapshots {
  std::optional<Snapshot> before;
  std::optional<Snapshot> after;
};

}  // namespace skillaudit
