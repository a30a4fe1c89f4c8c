#pragma once

#include <string>
#include <vector>

#include "harness/changes/changes.h"
#include "harness/rules/documented.h"

namespace skillaudit {

/// Why a package is there that was not there before.
enum class PackageRole {
  Required,    ///< a script uses it without asking first whether it is there
  Optional,    ///< each use has a guard, or its installation may fail
  Unused,      ///< asked for by the skill, and no script uses a program of it
  Dependency,  ///< came with another one
};
[[nodiscard]] std::string_view name_of(PackageRole);  ///< "required", …

/// Where a package is visible.
enum class PackageScope {
  System,   ///< for every user
  Account,  ///< for the whole account of the user
  Project,  ///< within a project or virtual environment
};

/// A place in a script or step that names or uses a package.
struct PackageUse {
  Source source;     ///< "skill.json#scripts/run.sh:12", "execution.json#NAME"
  std::string text;  ///< the command, printable
};

struct NewPackage {
  Package package;
  PackageRole role = PackageRole::Dependency;
  PackageScope scope = PackageScope::System;
  bool documented = false;
  /// The package file came through the proxy from a mirror that the audit opened.
  bool from_mirror = false;
  std::vector<PackageUse> uses;  ///< at most a few
};

/// The packages that are new, sorted by manager and name; those of another package manager's files
/// (a Python module that a Debian package brought) are left out.
///
/// A package was asked for when a script or step that installs something names it, when one of its
/// programs is used, or when apt's own record (/var/lib/apt/extended_states, where captured) says
/// so. What is left is a dependency; when nothing at all was asked for, nothing can be explained as
/// a dependency, and every package counts as asked for.
[[nodiscard]] std::vector<NewPackage> new_package_roles(const Evidence&, const Changes&,
                                                        const Documented&);

}  // namespace skillaudit
