#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace skillaudit {

/// Names in sentences, as Markdown has code: "`jq`", and with a longer fence and blanks inside it
/// if the name itself has backticks: "`` echo `date` ``". So no name needs an escape, and no name
/// can end its own code span.
struct TextPart {
  std::string_view text;  ///< of code, without fence
  bool code = false;
};

[[nodiscard]] std::string code_span(std::string_view text);

/// The parts of a sentence, in order, none empty except code. A backtick without a partner is text.
[[nodiscard]] std::vector<TextPart> code_spans(std::string_view sentence);

}  // namespace skillaudit
