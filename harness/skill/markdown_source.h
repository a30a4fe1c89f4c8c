#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace skillaudit {

/// A Markdown text, made ready for libcmark-gfm.
struct MarkdownSource {
  std::string text;            ///< lines end in "\n"; valid UTF-8 but for kTagMark
  std::vector<int> file_line;  ///< of each line of `text`, from 0, its 1-based line in the file
  bool tables = true;          ///< false: parsing its tables would take too long
  std::string_view problem;    ///< why the text must not be parsed, else empty
};

/// Stands in `text` before a tag that begins a line, so that cmark does not take the lines below it
/// for HTML. A byte that no UTF-8 holds. It is to be taken out of what cmark returns.
inline constexpr char kTagMark = '\xff';

[[nodiscard]] MarkdownSource prepare_markdown(std::string_view markdown);

}  // namespace skillaudit
