#pragma once

#include <cstdint>
#include <string_view>

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
  ProgramSettings,  ///< what a program of one user runs or is configured by: ~/.vimrc, …
  ImportPath,       ///< what an interpreter imports by its name, or by itself at its start
  ProgramPath,      ///< folders of PATH that packages of the system leave alone: ~/.local/bin, …
  ProjectStartup,  ///< what a program runs in the folder in which it starts: .vscode/tasks.json, …
  ProjectScripts,  ///< what a person runs by its name in a project: Makefile, …
  AuthorizedKeys,
  SystemStartup,   ///< /etc/profile, /etc/environment, …: run or read for every user
  PackageSources,  ///< where packages come from, and whose are trusted: /etc/apt/sources.list, …
  Sudoers,
  Preload,           ///< /etc/ld.so.preload and the linker's search path
  Accounts,          ///< passwd, group and their like: judged as rows, not as files
  SecuritySettings,  ///< PAM, SSH server, name resolution, trusted certificates, audit rules
  GitHook,           ///< what Git runs by itself in a repository
  AgentSettings,     ///< instructions and permissions of an agent for everything its user does
  AgentProject,      ///< instructions and permissions of an agent in one folder: CLAUDE.md, …
  AgentSkill,        ///< below an agent's skills folder, except the skill itself
};

/// Whether what is at such a place runs, logs in or instructs an agent again without anybody
/// starting it.
[[nodiscard]] constexpr bool persists(Place place) {
  switch (place) {
    case Place::UnitFile:
    case Place::Cron:
    case Place::ShellStartup:
    case Place::Autostart:
    case Place::ProgramSettings:
    case Place::ImportPath:
    case Place::ProjectStartup:
    case Place::AuthorizedKeys:
    case Place::SystemStartup:
    case Place::PackageSources:
    case Place::Sudoers:
    case Place::Preload:
    case Place::GitHook:
    case Place::AgentSettings:
    case Place::AgentProject:
    case Place::AgentSkill:
      return true;
    default:
      return false;
  }
}

/// Whose files a row is about, which its pattern shows by how it begins.
enum class Whose : std::uint8_t {
  System,   ///< "/etc/crontab": that path
  Home,     ///< "~/.bashrc": below each home
  Project,  ///< "AGENTS.md", ".git/hooks/": in any folder
};

/// Whether the guest's kernel records changes of a place during the run
/// (sensors/kernel_audit_rules.h), and if it does not, why. The kernel watches by path: a file, or
/// the names in a folder. A folder inside that folder needs a row of its own.
enum class Watch : std::uint8_t {
  Changes,    ///< it records who changes the place
  Cuts,       ///< it records who truncates, renames or deletes what is there
  AnyFolder,  ///< it cannot: the place may be in any folder
  Compared,  ///< it does not: what matters is what is there when the program starts, and the states
             ///< before and after the run show that
  TooMany,   ///< it does not: package managers write thousands of files there
  NotRun,    ///< it does not: nothing runs, imports or is configured by these files at its start
};

/// What else holds for a place, as bits of KnownPlace::traits.
enum PlaceTrait : unsigned {
  kTextKept = 1,           ///< the snapshot keeps the text: of a folder, of all files below it
  kReadAtBoot = 2,         ///< a boot reads or runs it
  kBootIfThereBefore = 4,  ///< a boot runs it, except new files, which nothing refers to
  kReadsWatched = 8,       ///< the kernel also records who reads it
  kGitSettings = 16,       ///< judged by the settings in its text, in the format of git-config(1)
  kSharedFolder = 32,      ///< shared by programs: a document that names it covers nothing below it
  kSshSettings = 64,       ///< as kGitSettings, in the format of ssh_config(5)
  kConfigures = 128,  ///< of UserSecret: its reader is also configured by it, or runs what it names
};

/// One row of the table of places (places/table.h). The first row that matches a path decides.
struct KnownPlace {
  /// The path as in Whose. With a final "/" everything below the folder, and the folder itself.
  /// In a project, a final "*" stands for the rest of the path, and "/*/" for folders in between;
  /// elsewhere one "*" stands for the rest of a component, and the kernel cannot watch the place.
  std::string_view pattern;
  Place kind;
  /// Base names of the programs that run, import or read it at their start, separated by spaces. Of
  /// Place::UserSecret: the programs that may read it, since these are their own credentials.
  std::string_view read_by;
  Watch watch = Watch::NotRun;
  unsigned traits = 0;
  std::string_view agent = {};  ///< the agent that reads it: Agent::name, or a name of another one

  [[nodiscard]] constexpr bool has(PlaceTrait trait) const { return (traits & trait) != 0; }
  [[nodiscard]] constexpr bool is_folder() const { return pattern.ends_with('/'); }
  [[nodiscard]] constexpr Whose whose() const {
    return pattern.starts_with('/')    ? Whose::System
           : pattern.starts_with("~/") ? Whose::Home
                                       : Whose::Project;
  }
  /// The path, of Whose::Home from the home on ("/.bashrc"); without the "/" that marks a folder.
  [[nodiscard]] constexpr std::string_view path() const {
    std::string_view path = pattern;
    if (path.starts_with('~')) path.remove_prefix(1);
    if (path.ends_with('/')) path.remove_suffix(1);
    return path;
  }
  /// Whether `program` is one of `read_by`.
  [[nodiscard]] constexpr bool is_read_by(std::string_view program) const {
    for (std::string_view rest = read_by; !program.empty() && !rest.empty();) {
      const std::size_t space = rest.find(' ');
      if (rest.substr(0, space) == program) return true;
      rest.remove_prefix(space == std::string_view::npos ? rest.size() : space + 1);
    }
    return false;
  }
};

/// Whether `path` is the place, or below it where the place is a folder. `path` is absolute, or of
/// Whose::Home what follows the home.
[[nodiscard]] constexpr bool is_at(std::string_view path, const KnownPlace& place) {
  std::string_view known = place.path();
  if (const std::size_t star = known.find('*'); star != std::string_view::npos) {
    if (!path.starts_with(known.substr(0, star))) return false;
    const std::size_t end = path.find('/', star);
    path.remove_prefix(end == std::string_view::npos ? path.size() : end);
    known.remove_prefix(star + 1);
  }
  if (!path.starts_with(known)) return false;
  return path.size() == known.size() || (place.is_folder() && path[known.size()] == '/');
}

}  // namespace skillaudit
