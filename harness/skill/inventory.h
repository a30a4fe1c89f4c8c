#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/evidence/skill.h"

namespace skillaudit {

inline constexpr std::uint64_t kMaximumSkillBytes = 256ULL << 20;
inline constexpr std::size_t kMaximumSkillFiles = 20'000;  ///< folders and links count too

/// The content of a skill's folder.
struct Inventory {
  std::vector<SkillFile> files;    ///< regular files and links, sorted by path; no digests yet
  std::vector<std::string> notes;  ///< broken links
};

/// Lists the folder without reading any file. `shown` is the folder's name in messages. Throws
/// Error{Skill} for: a link that leaves the folder or runs in a circle; a socket, FIFO or device;
/// a folder that cannot be listed; more than kMaximumSkillBytes or kMaximumSkillFiles.
[[nodiscard]] Inventory take_inventory(const std::filesystem::path& root, const std::string& shown);

/// Digest of the list: each path with its type, mode and content digest or link target. Depends on
/// nothing else: neither on times nor on the folder's location. `files` are sorted and have
/// their digests.
[[nodiscard]] std::string digest_of(const std::vector<SkillFile>& files);

}  // namespace skillaudit
