#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "harness/agents/agent.h"

namespace skillaudit {

/// An agent's programs as a disk of their own, which a guest of any operating system mounts read
/// only: so the skill that it drives cannot change it, and an image need not be built again for it.
/// ext4, label kAgentLabel, to be mounted at kAgentFolder; `.bin/` holds what is to be on
/// the PATH, `.bin/NAME` the agent. Cached as
/// `agents/NAME-ID/{disk.raw,agent.json}`.
struct AgentDisk {
  std::string agent;    ///< Agent::name
  std::string version;  ///< Agent::version()
  std::string id;       ///< digest over packages and how they were laid out: 16 hexadecimal digits
  std::filesystem::path disk;
  std::uint64_t bytes = 0;  ///< on disk
};
inline constexpr const char* kAgentLabel = "agents";

/// Digest of everything that decides what is on the disk.
[[nodiscard]] std::string agent_disk_id(const Agent& agent);

/// The cached disk, or a new one: the packages are fetched with npm as this host has it configured,
/// which checks what it fetched against the registry's digests. Two processes at once build it
/// once. Throws Error{Environment}: npm is missing or cannot reach its registry, no space.
[[nodiscard]] AgentDisk agent_disk(const std::filesystem::path& cache, const Agent& agent,
                                   const std::function<void(const std::string&)>& progress,
                                   bool rebuild = false);

/// The disks that are there, by agent; of each agent the one that is in use now.
[[nodiscard]] std::vector<AgentDisk> agent_disks(const std::filesystem::path& cache);

/// Removes an agent's disks. False where there was none.
bool remove_agent_disks(const std::filesystem::path& cache, const Agent& agent);

}  // namespace skillaudit
