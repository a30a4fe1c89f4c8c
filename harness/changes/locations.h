#pragma once

#include <cstdint>
#include <string_view>

#include "harness/evidence/snapshot.h"

namespace skillaudit {

/// What a path of the guest is for: the rows and columns of the severity table in the grading
/// rules.
enum class Place : std::uint8_t {
  Temp,         ///< /tmp, /var/tmp
  Cache,        ///< ~/.cache and the caches that package managers keep in the home
  SkillFolder,  ///< where the skill was installed
  UserConfig,   ///< dot-files and dot-folders of a home
  UserSecret,   ///< keys and credentials of a home: ~/.ssh, ~/.gnupg, ~/.aws, …
  UserData,     ///< the rest of a home
  Log,          ///< /var/log, shell histories
  Program,      ///< what the system executes or links: /usr/bin, /lib, /boot, …
  System,       ///< everything else
  UnitFile,     ///< systemd units and their drop-ins, init scripts
  Cron,
  ShellStartup,  ///< rc files of one user
  Autostart,
  AuthorizedKeys,
  SystemStartup,  ///< /etc/profile, /etc/environment, …: run or read for every user
  Sudoers,
  Preload,           ///< /etc/ld.so.preload and the linker's search path
  Accounts,          ///< passwd, group and their like: judged as rows, not as files
  SecuritySettings,  ///< PAM, SSH server, name resolution, trusted certificates, audit rules
  GitHook,           ///< what Git runs by itself in a repository
  AgentSettings,     ///< what an agent is told and allowed, for all that its user does
  AgentProject,      ///< what an agent is told and allowed in one folder: CLAUDE.md, AGENTS.md, …
  AgentSkill,        ///< what lies below an agent's skills folder, other than the skill itself
};

/// Whether `path` is in the folder `folder` (at any depth), and not the folder itself.
[[nodiscard]] bool is_below(std::string_view path, std::string_view folder);
[[nodiscard]] std::string_view base_name(std::string_view path);
/// "/a" for "/a/b", "/" for "/a".
[[nodiscard]] std::string_view parent_of(std::string_view path);

/// `home` and `skill_dir` are the guest's; `/root` and other homes are homes too.
[[nodiscard]] Place place_of(std::string_view path, std::string_view home,
                             std::string_view skill_dir);

/// What a person would call the process: the base name of its program, or of the script when the
/// program is an interpreter; empty for an interpreter that runs text from its command line.
[[nodiscard]] std::string_view program_of(const ProcessEntry& process);

}  // namespace skillaudit
