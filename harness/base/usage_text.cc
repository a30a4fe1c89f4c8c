#include "harness/base/usage_text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "harness/base/ascii.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

constexpr std::size_t kMostText = 1U << 16;
constexpr std::size_t kLongestLine = 1000;

constexpr auto kAsking = std::to_array<std::string_view>({"the following arguments are required",
                                                          "one of the arguments",
                                                          "missing argument",
                                                          "missing required argument",
                                                          "missing option",
                                                          "missing required option",
                                                          "missing parameter",
                                                          "missing required parameter",
                                                          "missing operand",
                                                          "missing command",
                                                          "not enough arguments",
                                                          "too few arguments",
                                                          "requires at least",
                                                          "expected an argument",
                                                          "no arguments given",
                                                          "no file given",
                                                          "no file specified",
                                                          "no input file",
                                                          "no input given",
                                                          "please provide",
                                                          "please specify",
                                                          "must specify",
                                                          "must provide",
                                                          "must be specified",
                                                          "no command specified",
                                                          "no subcommand",
                                                          "not be run directly",
                                                          "meant to be run directly",
                                                          "intended to be run directly",
                                                          "requires a subcommand",
                                                          "required arguments were not provided"});

/// "usage: x", "Usage:" on a line of its own, "USAGE", "script.sh: usage: x".
bool is_usage_line(std::string_view line) {
  const std::size_t at = line.find("usage");
  if (at == std::string_view::npos || at > 60) return false;
  if (at > 0 && !line.substr(0, at).ends_with(": ")) return false;  // "disk usage: 3 GB"
  const std::string_view rest = trim(line.substr(at + 5));
  return rest.empty() || rest.starts_with(':');
}

/// "x.sh: line 3: $1: unbound variable", "x.sh: line 3: 1: FILE is needed".
bool lacks_positional(std::string_view line) {
  const std::size_t at = line.find(": line ");
  if (at == std::string_view::npos) return false;
  const std::size_t colon = line.find(": ", at + 7);
  if (colon == std::string_view::npos) return false;
  std::string_view name = line.substr(colon + 2);
  if (name.starts_with('$')) name.remove_prefix(1);
  const std::string_view number = name.substr(0, name.find(':'));
  return !number.empty() && number.size() < name.size() &&
         std::all_of(number.begin(), number.end(),
                     [](unsigned char c) { return std::isdigit(c) != 0; });
}

bool asks(std::string_view text) {
  text = text.substr(text.size() - std::min(text.size(), kMostText));
  bool reads_arguments = false;
  for (const std::string_view whole : split(text, '\n')) {
    const std::string line = ascii_lower(trim(whole.substr(0, kLongestLine)));
    if (is_usage_line(line) || lacks_positional(line)) return true;
    if (std::any_of(kAsking.begin(), kAsking.end(),
                    [&](std::string_view words) { return line.find(words) != std::string::npos; }))
      return true;
    reads_arguments |= line.find("argv[") != std::string::npos;
    if (reads_arguments && line.starts_with("indexerror:")) return true;
    if (line.find("err_invalid_arg_type") != std::string::npos &&
        line.find("undefined") != std::string::npos)
      return true;
  }
  return false;
}

}  // namespace

bool asks_for_arguments(std::string_view out, std::string_view err) {
  return asks(err) || asks(out);
}

}  // namespace skillaudit
