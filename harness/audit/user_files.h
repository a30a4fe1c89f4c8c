#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/guest/archive.h"
#include "harness/guest/ssh_session.h"
#include "harness/sensors/decoys.h"

namespace skillaudit {

/// What the guest's user finds in the home, as entries of a tar stream that is unpacked there:
/// modes and symlinks are kept, and a path that exists already is replaced.

[[nodiscard]] std::vector<ArchiveEntry> home_files(const FurnishedHome& home);

/// The skill, where an agent looks for it. Throws Error{Skill} for what cannot be read.
[[nodiscard]] std::vector<ArchiveEntry> skill_files(const std::filesystem::path& skill_folder,
                                                    const std::string& name);

/// "/home/ubuntu/.claude/skills/NAME"
[[nodiscard]] std::string installed_skill(const std::string& guest_home, const std::string& name);

/// Installs one more skill in a guest that is ready, in one round trip, and returns its folder
/// there.
std::string install_skill(SshSession& guest, const std::filesystem::path& skill_folder,
                          const std::string& name, const std::string& guest_home);

}  // namespace skillaudit
