#include <regex.h>

#include <array>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/model/script.h"

namespace skillaudit {
namespace {

constexpr std::size_t kPiece = 4096;
constexpr std::size_t kOverlap = 1024;

}  // namespace

struct TextPattern::Compiled {
  explicit Compiled(const std::string& expression) {
    const int error = regcomp(&regex, expression.c_str(), REG_EXTENDED | REG_NEWLINE);
    if (error == 0) return;
    std::array<char, 200> why{};
    regerror(error, &regex, why.data(), why.size());
    fail(ErrorKind::Usage, "the regular expression `{}` is invalid: {}", printable(expression),
         why.data());
  }
  ~Compiled() { regfree(&regex); }
  Compiled(const Compiled&) = delete;
  Compiled& operator=(const Compiled&) = delete;

  regex_t regex{};
};

TextPattern::TextPattern(const std::string& expression)
    : expression_(expression), compiled_(std::make_shared<const Compiled>(expression)) {}

bool TextPattern::found_in(std::string_view text) const {
  // Where nothing matches, the search takes the square of a line's length: a guest may send a line
  // of megabytes. Lines are searched each on its own, and long ones in pieces that overlap.
  for (const std::string_view line : split(text, '\n'))
    for (std::size_t start = 0;; start += kPiece - kOverlap) {
      const std::string_view piece = line.substr(start, kPiece);
      const bool last = start + piece.size() == line.size();
      // Not a C string: what a guest sent may hold a NUL byte.
      regmatch_t range{.rm_so = 0, .rm_eo = static_cast<regoff_t>(piece.size())};
      const int flags = REG_STARTEND | (start > 0 ? REG_NOTBOL : 0) | (last ? 0 : REG_NOTEOL);
      if (regexec(&compiled_->regex, piece.data(), 1, &range, flags) == 0) return true;
      if (last) break;
    }
  return false;
}

}  // namespace skillaudit
