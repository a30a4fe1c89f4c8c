#pragma once

#include <string_view>

#include "harness/rules/sends.h"

namespace skillaudit {

/// Whether a secret was opened only because it lay on the way: by a program that searches files
/// (grep, rg) and was pointed at a folder that holds more than secrets, or by a process that went
/// through other files of the same tree as well. And nothing came of it: nothing was sent
/// afterwards that is not explained, no copy was kept, and it was not shown. `path` is what the
/// event opened.
[[nodiscard]] bool is_read_in_passing(const RuleInput&, const UnexplainedSends&, std::size_t event,
                                      std::string_view path);

}  // namespace skillaudit
