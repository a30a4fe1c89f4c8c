#include "harness/changes/drawn_words.h"

#include <algorithm>

namespace skillaudit {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_word(char c) { return is_digit(c) || is_upper(c) || is_lower(c); }

/// mktemp(1) draws six letters and digits or more: without a digit such a word nearly always has an
/// upper-case letter amid lower-case ones, which words that people write have not.
bool is_drawn(std::string_view word) {
  if (std::any_of(word.begin(), word.end(), is_digit)) return true;
  constexpr std::size_t kLeastDrawn = 6;
  return word.size() >= kLeastDrawn && std::any_of(word.begin() + 1, word.end(), is_upper) &&
         std::any_of(word.begin(), word.end(), is_lower);
}

}  // namespace

std::string without_drawn_words(std::string_view rest) {
  std::string text;
  while (!rest.empty()) {
    const auto end = std::find_if_not(rest.begin(), rest.end(), is_word);
    const auto length = static_cast<std::size_t>(end - rest.begin());
    const std::string_view word = rest.substr(0, length);
    if (length > 0) text += is_drawn(word) ? "*" : word;
    if (length < rest.size()) text += rest[length];
    rest.remove_prefix(std::min(length + 1, rest.size()));
  }
  return text;
}

}  // namespace skillaudit
