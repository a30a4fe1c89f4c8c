#pragma once

#include <string_view>
#include <vector>

#include "harness/consent/statement.h"

namespace skillaudit {

/// What the commands of a code block do: shell blocks, the lines after "$ " of console blocks,
/// blocks without a language whose first line is a command, requests of http blocks, and lines of
/// cron. Empty for blocks in other languages.
[[nodiscard]] std::vector<ConsentClaim> claims_of_block(std::string_view language,
                                                        std::string_view code);

/// The command of a line of a crontab, "0 7 * * * CMD" or "@daily CMD"; empty where it is none.
[[nodiscard]] std::string_view cron_command(std::string_view line);

}  // namespace skillaudit
