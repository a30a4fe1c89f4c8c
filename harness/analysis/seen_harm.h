#pragma once

#include <string_view>

#include "harness/evidence/evidence.h"

namespace skillaudit {

/// Whether the text is a program of a language whose lines nobody measures: Perl, Ruby, awk, make.
[[nodiscard]] bool is_unmeasured_program(const SkillText& text);

/// Whether anything of the audit ran it: a step or a process that names it.
[[nodiscard]] bool was_used(const SkillText& text, const Evidence& evidence);

/// Whether the audit's own evidence, of any of its clones, shows that lines ran which nobody
/// measures: each host that they name was asked, or anybody where they name none; and if they name
/// secrets, one was opened.
[[nodiscard]] bool is_seen(std::string_view part, const Evidence& evidence);

}  // namespace skillaudit
