#pragma once

#include <filesystem>

namespace skillaudit {

/// The manifest of a bundle: size and SHA-256 of each evidence file (layout.h). It is written last,
/// so a bundle without one is half-written.

/// Lists and hashes every file under `dir` except the rendered ones, and writes the manifest.
void seal_bundle(const std::filesystem::path& dir);

/// Throws Error{Skill} (exit 65) when the manifest is missing (half-written bundle), a file is
/// missing, added or changed (each named), or the manifest is of another schema version.
void verify_bundle(const std::filesystem::path& dir);

}  // namespace skillaudit
