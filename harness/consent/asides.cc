#include "harness/consent/asides.h"

#include <algorithm>
#include <array>

#include "harness/base/among.h"
#include "harness/consent/word_class.h"

namespace skillaudit {
namespace {

using Tokens = std::vector<Token>;
using At = Tokens::const_iterator;

constexpr std::ptrdiff_t kLongest = 14;

/// None of its words names or denies anything; `none` may be what is not given.
bool binds_nothing(At begin, At end, bool allows_none) {
  return std::none_of(begin, end, [&](const Token& token) {
    return token.kind == Token::Kind::Code || !token.objects.empty() || token.quoted ||
           (is_negator(token.lower) && !(allows_none && token.lower == "none"));
  });
}

/// Where the aside that opens at `open` is closed; `end`: it is none.
At end_of_aside(At open, At end) {
  static constexpr auto kMeasures =
      std::to_array<std::string_view>({"many", "much", "often", "long"});
  const bool bracket = open->text == "(";
  if (!bracket && open->text != ",") return end;
  const At last = end - open > kLongest ? open + kLongest : end;
  const At close = std::find_if(open + 1, last, [&](const Token& token) {
    return token.kind == Token::Kind::Punctuation && token.text == (bracket ? ")" : ",");
  });
  if (close == last || close - open < 3) return end;
  if (bracket) {
    const bool is_case =
        std::any_of(open, close, [](const Token& token) { return token.lower == "if"; });
    return is_case && binds_nothing(open, close, true) ? close : end;
  }
  const bool measures = (open + 1)->lower == "how" && among(kMeasures, (open + 2)->lower);
  return measures && binds_nothing(open, close, false) ? close : end;
}

}  // namespace

Sentence without_asides(const Sentence& sentence) {
  Sentence plain = sentence;
  plain.tokens.clear();
  const Tokens& tokens = sentence.tokens;
  for (At at = tokens.begin(); at != tokens.end(); ++at) {
    const At close = end_of_aside(at, tokens.end());
    if (close == tokens.end())
      plain.tokens.push_back(*at);
    else
      at = close;
  }
  return plain;
}

}  // namespace skillaudit
