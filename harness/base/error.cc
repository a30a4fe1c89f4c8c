#include "harness/base/error.h"

#include <fmt/core.h>

#include <system_error>

namespace skillaudit {

void fail_formatted(ErrorKind kind, fmt::string_view format, fmt::format_args args) {
  throw Error(kind, fmt::vformat(format, args));
}

std::string errno_text(int error_number) { return std::generic_category().message(error_number); }

}  // namespace skillaudit
