#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

#include "harness/skill/git_address.h"

namespace skillaudit {

/// What a clone may cost. A skill is far smaller than its repository may be.
struct CloneLimits {
  std::chrono::milliseconds answer = std::chrono::seconds(30);  ///< until the host says something
  std::chrono::milliseconds transfer = std::chrono::minutes(10);
  std::uint64_t files = 100'000;
  std::uint64_t bytes = 1ULL << 30;  ///< of all files, and of what is fetched
};

struct GitClone {
  std::filesystem::path folder;  ///< its files, without `.git`; named after the repository
  std::string commit;            ///< id, in hexadecimal digits
};

/// Gets one commit of the repository with the host's git, without its history, and writes the files
/// of it (or of the address's folder in it) below `work`, an empty private folder.
///
/// Nothing of the repository runs on the host: no hooks, no filters (`.gitattributes` counts for
/// nothing, so a file has the bytes that the commit has, and one of Git LFS is its pointer), no
/// submodules, and no protocols but those of git_address(). Nothing is asked on the terminal. Git
/// uses the user's configuration for the transfer (a proxy, a credential helper) and none
/// afterwards. Links are made as they are: load_skill() judges them.
///
/// Throws Error{Environment} if git is missing or the host does not answer in time, Error{Skill} if
/// git refuses, there is no such folder, or a limit is exceeded; each names the host or address and
/// the fix. Throws Error{Interrupted} on Ctrl-C, after git has ended.
[[nodiscard]] GitClone clone_repository(const GitAddress& address,
                                        const std::filesystem::path& work,
                                        const CloneLimits& limits = {});

}  // namespace skillaudit
