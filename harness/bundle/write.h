#pragma once

#include <filesystem>

#include "harness/bundle/raw_evidence.h"
#include "harness/evidence/evidence.h"

namespace skillaudit {

/// Writes every file of the bundle that no other part of an audit writes as it goes (flows, bodies,
/// captures, consoles, the trace), and seals the bundle.
void write_evidence(const Evidence& evidence, const RawEvidence& raw,
                    const std::filesystem::path& bundle);

/// The same of a world, into its folder, which is made; the bundle is sealed later.
void write_world(const Evidence& evidence, const RawEvidence& raw,
                 const std::filesystem::path& folder);

/// Which lines ran in a world, into its folder.
void write_lines(const LineCoverage& lines, const std::filesystem::path& folder);

/// Of a world that is only compared, what read_sent() needs besides its flows and frames.
void write_compared(const Evidence& evidence, const RawEvidence& raw,
                    const std::filesystem::path& folder);

}  // namespace skillaudit
