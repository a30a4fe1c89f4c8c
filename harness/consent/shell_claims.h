#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/consent/statement.h"

namespace skillaudit {

/// What the commands of a shell script do, as far as their words say: `rm -rf ~/.cache/x` deletes
/// it, `echo … >> ~/.bashrc` modifies that file, `curl -X POST https://h/` sends to h. Each command
/// is run, too. At most 2,000 claims.
[[nodiscard]] std::vector<ConsentClaim> claims_of_script(std::string_view script);

/// The same of a code span within a sentence, where it is a command: it starts with a program that
/// is known here, or with a path. `GET https://…` is a request. Where it is no command, its objects
/// go to `objects`: paths, "core.pager = delta".
[[nodiscard]] std::vector<ConsentClaim> claims_of_inline_command(
    std::string_view code, std::vector<ConsentObject>& objects);

/// Whether the line starts with a program that people type: for code blocks without a language.
[[nodiscard]] bool looks_like_command(std::string_view line);

}  // namespace skillaudit
