#pragma once

#include <string_view>

#include "harness/evidence/execution.h"

namespace skillaudit {

/// The host of each address that the audit gives to a program that asks for one. It is reserved for
/// examples (RFC 2606), so that nobody can receive there what a skill sends.
inline constexpr std::string_view kGivenHost = "example.com";

/// The host of the remote of the project in which a walkthrough runs: whoever names `git push`
/// names it.
inline constexpr std::string_view kProjectHost = "git.northlake.internal";

/// Whether the audit gave it to a step: that the skill asks it is then no choice of the skill's.
/// What is sent there counts as anywhere.
[[nodiscard]] bool was_given(const Execution& execution, std::string_view host);

}  // namespace skillaudit
