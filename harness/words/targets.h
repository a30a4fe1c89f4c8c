#pragma once

#include <string_view>
#include <vector>

#include "harness/consent/words.h"
#include "harness/words/asked.h"

namespace skillaudit {

/// What the tokens from `begin` to `end` name: paths, addresses, commands, names in code; folders
/// and secrets that are only described ("the tests folder", "the user's SSH key").
[[nodiscard]] std::vector<ActTarget> targets_in(const Sentence& sentence, std::size_t begin,
                                                std::size_t end);

/// Outside the project: the home, the system, what starts with a dot in the project.
[[nodiscard]] bool is_outside(std::string_view path);

/// A file or folder that holds credentials, by its name.
[[nodiscard]] bool is_secret_path(std::string_view path);

}  // namespace skillaudit
