#pragma once

#include <string_view>

namespace skillaudit {

/// Whether a program that failed says that it wants arguments: a usage line, the words of argparse,
/// click, getopts, commander and their like, or the error of code that takes an argument which is
/// not there (`sys.argv[1]`, `$1` under `set -u`).
[[nodiscard]] bool asks_for_arguments(std::string_view out, std::string_view err);

}  // namespace skillaudit
