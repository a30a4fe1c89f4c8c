#pragma once

#include <string_view>

#include "harness/evidence/snapshot.h"
#include "harness/places/place.h"

namespace skillaudit {

/// Whether `path` is in the folder `folder` (at any depth), and not the folder itself.
[[nodiscard]] bool is_below(std::string_view path, std::string_view folder);
[[nodiscard]] std::string_view base_name(std::string_view path);
/// "/a" for "/a/b", "/" for "/a".
[[nodiscard]] std::string_view parent_of(std::string_view path);

/// `home` and `skill_dir` are the guest's; `/root` and other homes are homes too.
[[nodiscard]] Place place_of(std::string_view path, std::string_view home,
                             std::string_view skill_dir);

/// The row of the table of places that decides about `path`; null for a path that no row is about,
/// or one that depends on the folder it is in (Whose::Project).
[[nodiscard]] const KnownPlace* known_place(std::string_view path, std::string_view home);

/// What a person would call the process: the base name of its program, or of the script when the
/// program is an interpreter; empty for an interpreter that runs text from its command line.
[[nodiscard]] std::string_view program_of(const ProcessEntry& process);

}  // namespace skillaudit
