#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace skillaudit {

/// Paths as documents write them have many forms: `~/x`, `$HOME/x`, `/home/alice/x`,
/// `${XDG_CACHE_HOME:-$HOME/.cache}/x`, `.bashrc`, `docs/<name>.md`. The canonical form starts with
/// "/" (absolute), "~" (the user's home) or "./" (the project, or the skill's own folder), has no
/// "//", "." or ".." in it and no slash at its end. `*` stands for any text within a component,
/// `**` for any text.

/// The canonical form of a written path; empty where it is none: it leaves its root by "..", it is
/// longer than 1,024 bytes, or nothing is left of it. What writers put for a part that differs each
/// time (`<name>`, `{name}`, `$NAME`, YYYY-MM-DD) becomes `*`.
[[nodiscard]] std::string canonical_path(std::string_view written);

[[nodiscard]] bool is_pattern(std::string_view canonical);

/// Whether `pattern` says all of `path`. In time of the product of the lengths at worst.
[[nodiscard]] bool matches_path(std::string_view pattern, std::string_view path);

/// Whether a pattern says enough to name files: a component with fixed letters after its folder, or
/// a folder that is nobody's in common. `~/*` and `/tmp/**` say nothing.
[[nodiscard]] bool is_telling(std::string_view pattern);

/// Folders that programs share, or from which programs take code or settings: a document that names
/// one says nothing of what lies in it. Canonical form.
[[nodiscard]] bool is_shared(std::string_view folder);

/// Where a skill works: what relative paths and the home mean. Absolute paths.
struct ConsentPlaces {
  std::string home;
  std::string skill_dir = {};
  std::vector<std::string> projects = {};  ///< working folders and the user's projects
};

/// Every canonical form that a document may have given the absolute `path`, itself first.
[[nodiscard]] std::vector<std::string> written_forms(const ConsentPlaces&, std::string_view path);

}  // namespace skillaudit
