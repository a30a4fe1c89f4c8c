#pragma once

#include <optional>
#include <string_view>

#include "harness/rules/rules.h"

namespace skillaudit {

/// Whether a secret was opened only because it lay on the way: by a program that searches files
/// (grep, rg) and was pointed at a folder that holds more than secrets, or by a process that went
/// through other files of the same tree as well. And nothing came of it: nothing was sent
/// afterwards that is not explained, no copy was kept, and it was not shown. `path` is what the
/// event opened.
[[nodiscard]] bool is_read_in_passing(const RuleInput&, std::size_t event, std::string_view path);

/// Seconds of the trace's clock at which a flow was sent; none where that cannot be told.
[[nodiscard]] std::optional<double> time_in_trace(const RuleInput&, const Flow& flow);

}  // namespace skillaudit
