#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/consent/object.h"
#include "harness/consent/page.h"
#include "harness/consent/statement.h"

namespace skillaudit {

struct Token {
  enum class Kind { Word, Code, Punctuation };
  Kind kind = Kind::Word;
  std::string text;   ///< as written; Code: without its backticks; Punctuation: one character
  std::string lower;  ///< Word: in lower case, apostrophes made straight
  std::vector<ConsentObject> objects;  ///< what it names by its form
  std::vector<ConsentClaim> claims;    ///< Code: what it does where it is a command
  bool quoted = false;                 ///< between double quotes
  int line = 0;
  int column = 0;
};

/// One sentence: its tokens, and its text with code in backticks.
struct Sentence {
  std::vector<Token> tokens;
  std::string text;
  bool question = false;
};

/// The sentences of the visible texts of a paragraph or cell. A full stop ends one where a blank or
/// the text's end follows, but not after "e.g.", "i.e.", "etc." and the like.
[[nodiscard]] std::vector<Sentence> sentences_of(const std::vector<PageText>& texts);

}  // namespace skillaudit
