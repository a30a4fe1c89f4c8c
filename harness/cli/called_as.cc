#include "harness/cli/called_as.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "harness/base/text.h"

namespace skillaudit {
namespace {

constexpr std::string_view kName = "skillaudit";

bool is_plain(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         std::string_view("/._-+").find(c) != std::string_view::npos;
}

std::string read_environment() {
  const char* const called = std::getenv("SKILLAUDIT_CALLED_AS");
  if (called == nullptr || *called == '\0') return std::string(kName);
  const std::string text = printable(called);
  return std::all_of(text.begin(), text.end(), is_plain) ? text : shell_quote(text);
}

/// Whether the name at `at` starts a command line: "`skillaudit vm" and "  skillaudit vm", but
/// neither "skillaudit-reports" nor "/skillaudit vm".
bool is_call(std::string_view text, std::size_t at) {
  const std::size_t end = at + kName.size();
  const bool starts = at == 0 || std::string_view(" `\n").find(text[at - 1]) != text.npos;
  return starts && end + 1 < text.size() && text[end] == ' ' &&
         std::islower(static_cast<unsigned char>(text[end + 1])) != 0;
}

}  // namespace

const std::string& called_as() {
  static const std::string called = read_environment();
  return called;
}

std::string as_called(std::string_view text) {
  std::string out;
  std::size_t done = 0;
  for (std::size_t at = text.find(kName); at != text.npos; at = text.find(kName, at + 1)) {
    if (!is_call(text, at)) continue;
    out.append(text.substr(done, at - done)).append(called_as());
    done = at + kName.size();
  }
  return out.append(text.substr(done));
}

}  // namespace skillaudit
