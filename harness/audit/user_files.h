#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/agents/agent.h"
#include "harness/guest/archive.h"
#include "harness/guest/ssh_session.h"
#include "harness/sensors/decoys.h"

namespace skillaudit {

/// A file for the guest that somebody asked for.
struct PlacedEntry {
  ArchiveEntry entry;
  std::string must_be_new = {};  ///< "audit.yaml:7:5", if it may not replace a file of the home
};

/// What the guest's user finds in the home, as entries of a tar stream that is unpacked there:
/// modes and symlinks are kept, and a path that exists already is replaced.

[[nodiscard]] std::vector<ArchiveEntry> home_files(const FurnishedHome& home);

/// Decoy::name of the key that an agent is given.
inline constexpr std::string_view kModelKey = "model-api-key";
/// Adds what an agent needs to a home: its settings, the variables that keep it quiet, and `key`,
/// which is a decoy as every other credential there.
void equip(FurnishedHome& home, const Agent& agent, const std::string& key);
/// A key of the agent's form that opens nothing.
[[nodiscard]] std::string draw_model_key(const Agent& agent, const Entropy& entropy = random_bytes);

/// Adds files that somebody asked for to `files`, which is the home's. Throws Error{Skill} for one
/// that must be new and is not.
void place(const std::vector<PlacedEntry>& placed, const FurnishedHome& home,
           std::vector<ArchiveEntry>& files);

/// Where an agent looks for skills, relative to the home. Without an agent it is where most do.
[[nodiscard]] std::string skills_folder(const Agent* agent);

/// A folder of the host at a place below the home. Throws Error{Skill} for what cannot be read.
[[nodiscard]] std::vector<ArchiveEntry> folder_files(const std::filesystem::path& folder,
                                                     const std::string& place);

/// The skill, where `agent` looks for it. Throws Error{Skill} for what cannot be read.
[[nodiscard]] std::vector<ArchiveEntry> skill_files(const std::filesystem::path& skill_folder,
                                                    const std::string& name,
                                                    const Agent* agent = nullptr);

/// "/home/ubuntu/.claude/skills/NAME"
[[nodiscard]] std::string installed_skill(const std::string& guest_home, const std::string& name,
                                          const Agent* agent = nullptr);

/// Installs one more skill in a guest that is ready, in one round trip, and returns its folder
/// there.
std::string install_skill(SshSession& guest, const std::filesystem::path& skill_folder,
                          const std::string& name, const std::string& guest_home);

}  // namespace skillaudit
