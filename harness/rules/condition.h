#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/changes/locations.h"
#include "harness/evidence/verb.h"

namespace skillaudit {

/// What it was done to.
enum class ObjectKind {
  File,          ///< content of a file; create and delete concern folders too
  Permissions,   ///< owner and mode of a file
  Program,       ///< a program that runs with the rights of its owner or group
  Package,       ///< of dpkg, pip or npm
  Unit,          ///< a unit of systemd: create, modify; run is starting it
  CronJob,       ///< a line of a crontab, or a script in cron.daily and its like
  Account,       ///< a user, or who is a member of a group
  Mount,         ///< a mounted file system
  KernelModule,  ///< a module that the system does not ship
  Process,       ///< with the children it has
  Listener,      ///< a socket that takes connections
  GitSetting,    ///< a setting of Git's
  SshSetting,    ///< a setting of the SSH client's
};
inline constexpr std::array kObjectKinds = {
    ObjectKind::File,         ObjectKind::Permissions, ObjectKind::Program,  ObjectKind::Package,
    ObjectKind::Unit,         ObjectKind::CronJob,     ObjectKind::Account,  ObjectKind::Mount,
    ObjectKind::KernelModule, ObjectKind::Process,     ObjectKind::Listener, ObjectKind::GitSetting,
    ObjectKind::SshSetting};
[[nodiscard]] std::string_view name_of(ObjectKind);  ///< "cron-job"

/// Properties of an object.
enum class Trait {
  InProject,      ///< file: in a folder that is under version control or has a project's manifest
  InOpenProject,  ///< file: what a skill may create or change in the project that it works on
  InNewFolder,    ///< file: in a folder that the skill created
  OfOtherSkill,   ///< file: of a skill that was there before
  OpenedToAll,    ///< permissions: every user may write now, and could not before
  ClosedToOwner,  ///< permissions: the owner could read before, and cannot now
  OtherwiseChanged,  ///< permissions: neither, and other owner or mode than before
  Root,              ///< program, account: with the rights of root
  SystemWide,        ///< package: for every user
  AccountWide,       ///< package: for all that its user does
  InOneProject,      ///< package: in a project or virtual environment
  Required,          ///< package: a script uses it without asking whether it is there
  Optional,          ///< package: each use of it is guarded
  Unused,            ///< package: asked for, and no script uses it
  Dependency,        ///< package: another one needs it
  Orphan,            ///< process: its parent is gone
  Runaway,           ///< process: one of `limits.runaway_processes` or more
  Shadows,     ///< file: a program that is reached by the name of another one, as PATH is searched
  Configures,  ///< file: a secret by which the program that reads it is configured, too
  Redirects,   ///< setting: its program runs, trusts or asks what the setting names
  ExposesSecret,  ///< permissions: others may read a key or credential now, and could not before
  OverExisting,   ///< mount: over files that were there before
  ListsPackages,  ///< file: a package.json, of which other packages are listed, each documented
};
inline constexpr std::size_t kTraitCount = static_cast<std::size_t>(Trait::ListsPackages) + 1;
using Traits = std::bitset<kTraitCount>;
[[nodiscard]] std::string_view name_of(Trait);  ///< "in-project"
[[nodiscard]] constexpr std::size_t index_of(Trait trait) {
  return static_cast<std::size_t>(trait);
}
[[nodiscard]] inline Traits traits_of(std::initializer_list<Trait> all) {
  Traits traits;
  for (const Trait each : all) traits.set(index_of(each));
  return traits;
}

/// Whose rights it takes: root's for what belongs to root or to the system as a whole.
enum class Actor { Any, User, Root };

/// The kind of documentation that excuses an effect. None: nothing does.
enum class Excuse { None, Package, Host, Service, Path, Cron, Process, Name };
inline constexpr std::array kExcuses = {Excuse::None,    Excuse::Package, Excuse::Host,
                                        Excuse::Service, Excuse::Path,    Excuse::Cron,
                                        Excuse::Process, Excuse::Name};
[[nodiscard]] std::string_view name_of(Excuse);  ///< "path"; "nothing" for None

inline constexpr std::size_t kPlaceCount = static_cast<std::size_t>(Place::AgentSkill) + 1;
using Places = std::bitset<kPlaceCount>;
using Verbs = std::bitset<kVerbs.size()>;
[[nodiscard]] std::string_view name_of(Place);  ///< "shell-startup"

/// Which objects are meant: those for which all that is given holds.
struct Selection {
  Places places;                   ///< of a file; none: any
  std::vector<std::string> names;  ///< globs for the object's name, any of them; none: any. "~/" is
                                   ///< the user's home
  Traits is;                       ///< all of them
  Traits is_not;                   ///< none of them
};

/// Objects that are meant by a condition and are excepted from it.
struct Exception {
  std::string reason;
  Selection what;
};

/// One condition of a rule: verb × object × actor.
struct Condition {
  Verbs verbs;
  ObjectKind object = ObjectKind::File;
  Actor actor = Actor::Any;
  Selection what;
  std::vector<Exception> exceptions;
  /// What of the rule's `excused_by` holds for this condition; none: the rule's. It holds for none
  /// where the rule has none.
  std::optional<std::vector<Excuse>> excused_by;
  bool by_packages = false;  ///< files that a package brought count too, the distribution's apart
  bool in_states = true;     ///< what differs between the states before and after the run
  bool in_trace = false;     ///< what was done and undone in between, which the trace alone shows
};

}  // namespace skillaudit
