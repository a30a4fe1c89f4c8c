#pragma once

#include <cstdint>
#include <filesystem>

namespace skillaudit {

/// A `.skill` is a zip that is uploaded to Claude, which takes at most 30 MB unpacked
/// (platform.claude.com/docs/en/build-with-claude/skills-guide, "Creating a Skill").
inline constexpr std::uint64_t kMaximumUploadBytes = 30'000'000;

/// Whether the name ends as that of an archive which unpack() reads: .skill, .zip, .tar, .tgz,
/// .tar.gz, .tar.bz2, .tar.xz, .tar.zst.
[[nodiscard]] bool is_archive_name(const std::filesystem::path& file);

/// The name without that ending: "notes" of "dir/notes.tar.gz".
[[nodiscard]] std::string archive_stem(const std::filesystem::path& file);

/// Unpacks an archive into `folder`, which must be empty. Files get modes 0644 or 0755. Nothing is
/// written outside of the folder, whatever the archive says, and an archive inside is left packed.
///
/// Throws Error{Skill} that names the archive, the entry and the fix, for: an archive that cannot
/// be read or is encrypted; absolute names, `..`, names with control characters or of more than 64
/// folders; hard links,
/// devices, FIFOs, sockets; symbolic links that leave the archive; two entries of one name, or of
/// names that differ in case alone, which many file systems take for one; more than
/// kMaximumSkillFiles entries; more than kMaximumSkillBytes unpacked, or kMaximumUploadBytes for a
/// `.skill`. Throws Error{Interrupted} on Ctrl-C.
void unpack(const std::filesystem::path& archive, const std::filesystem::path& folder);

}  // namespace skillaudit
