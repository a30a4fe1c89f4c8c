#pragma once

#include <filesystem>

#include "harness/bundle/parsed_snapshots.h"
#include "harness/evidence/evidence.h"

namespace skillaudit {

/// Verifies the manifest and reads everything back. The same bundle always gives the same value,
/// whether snapshots are handed over or not. The raw bytes of the guest are parsed on each read, so
/// that a better parser reads old bundles. Throws Error{Skill} for a bundle that is half-written,
/// tampered with or of another version.
[[nodiscard]] Evidence load_evidence(const std::filesystem::path& bundle,
                                     ParsedSnapshots parsed = {});

}  // namespace skillaudit
