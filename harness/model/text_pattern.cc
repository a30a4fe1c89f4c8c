#include <regex.h>

#include <array>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/model/script.h"

namespace skillaudit {

struct TextPattern::Compiled {
  explicit Compiled(const std::string& expression) {
    const int error = regcomp(&regex, expression.c_str(), REG_EXTENDED | REG_NEWLINE);
    if (error == 0) return;
    std::array<char, 200> why{};
    regerror(error, &regex, why.data(), why.size());
    fail(ErrorKind::Usage, "the regular expression `{}` is broken: {}", printable(expression),
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
  // Not a C string: what a guest sent may hold a NUL byte.
  regmatch_t range{.rm_so = 0, .rm_eo = static_cast<regoff_t>(text.size())};
  return regexec(&compiled_->regex, text.data(), 1, &range, REG_STARTEND) == 0;
}

}  // namespace skillaudit
