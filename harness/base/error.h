#pragma once

#include <fmt/core.h>

#include <stdexcept>
#include <string>

namespace skillaudit {

/// What kind of thing went wrong. The values are the exit codes of `skillaudit` (sysexits.h where
/// it has one), frozen by the grading rules.
enum class ErrorKind {
  Usage = 64,         ///< the command line or a policy file is wrong
  Skill = 65,         ///< the skill, its manifest, or a bundle is wrong
  Environment = 69,   ///< something is missing on this machine: the message says how to fix it
  Internal = 70,      ///< a bug in skillaudit
  Interrupted = 130,  ///< the user pressed Ctrl-C
  Evidence = 3,       ///< evidence is missing: at the pipeline's edge this becomes INCONCLUSIVE
};

/// The only exception type. `what()` is a complete sentence for the user: what was tried, on what,
/// and how to fix it. It never ends in a newline.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
  [[nodiscard]] ErrorKind kind() const noexcept { return kind_; }
  [[nodiscard]] int exit_code() const noexcept { return static_cast<int>(kind_); }

 private:
  ErrorKind kind_;
};

/// As fail(), with the arguments gathered: what fail() expands to is one call.
[[noreturn]] void fail_formatted(ErrorKind kind, fmt::string_view format, fmt::format_args args);

/// Throws Error with the message that fmt makes of `format`, a literal, and `args`.
template <typename... Args>
[[noreturn]] void fail(ErrorKind kind, fmt::format_string<Args...> format, Args&&... args) {
  fail_formatted(kind, format, fmt::make_format_args(args...));
}

/// "No such file or directory" for the given errno (thread-safe).
std::string errno_text(int error_number);

}  // namespace skillaudit
