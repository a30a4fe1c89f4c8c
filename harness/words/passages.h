#pragma once

#include <string>
#include <vector>

#include "harness/consent/words.h"
#include "harness/skill/document.h"

namespace skillaudit {

/// Running text that belongs together, with what stands around it.
struct Passage {
  enum class Kind { Heading, Paragraph, Item, Row };
  Kind kind = Kind::Paragraph;
  int line = 0;
  std::vector<Sentence> sentences;
  std::string block_below;  ///< the code block that follows at once; empty: none
  bool ends_open = false;   ///< its last sentence ends with a colon
  bool in_block = false;    ///< prose in a code block: a template, or an order after all
  bool set_aside = false;   ///< its section shows what not to do
};

/// All passages as the source has them, in its order: comments and indented code are passages too.
[[nodiscard]] std::vector<Passage> passages_of(const Document& document);

}  // namespace skillaudit
