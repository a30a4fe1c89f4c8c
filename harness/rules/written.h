#pragma once

#include <map>
#include <string_view>

#include "harness/rules/rules.h"

namespace skillaudit {

/// A path that the skill wrote to or deleted: its entry, its text, or both.
struct Written {
  const FileChange* file = nullptr;
  const ConfigDiff* diff = nullptr;
};

/// Files, not folders, that the skill wrote to or deleted in one of the `places`, by path. A text
/// that differs counts although size and time were put back. What a package of the mirrors or a
/// package manager brought is left out, and so is the skill as it was installed.
[[nodiscard]] std::map<std::string_view, Written> written_in(const RuleInput&,
                                                             std::initializer_list<Place> places);

/// `path` and what is known of it.
[[nodiscard]] Offender offender_of(std::string_view path, const Written&);

}  // namespace skillaudit
