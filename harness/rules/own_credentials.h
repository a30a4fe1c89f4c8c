#pragma once

#include "harness/rules/rules.h"

namespace skillaudit {

/// Whether the process of the event is a program that reads `path` because that is where its own
/// credentials are: ssh and a key, npm and ~/.npmrc. The program must be where the system keeps
/// it and be as it was; one that is merely told to show the file is no such program.
[[nodiscard]] bool reads_its_own(const RuleInput& input, std::size_t event, std::string_view path);

}  // namespace skillaudit
