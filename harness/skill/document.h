#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace skillaudit {

/// A piece of running text.
struct Inline {
  enum class Kind {
    Text,
    Code,   ///< between back ticks, without them
    Link,   ///< `text` is its label, code in it between back ticks; `target` is its address
    Image,  ///< as Link
    Html,   ///< one tag or comment, as written
  };
  Kind kind = Kind::Text;
  int line = 0;  ///< 1-based, in the file
  std::string text;
  std::string target = {};
  bool visible = true;  ///< false inside a comment, a <style>, an element that is hidden, …
};

/// A leaf of a Markdown document: what holds text or code itself. Lists and quotations are not
/// blocks; what they hold is.
struct Block {
  enum class Kind {
    Heading,
    Paragraph,
    TableRow,      ///< its cells are separated by " | "
    FencedCode,    ///< between ``` or ~~~
    IndentedCode,  ///< by four spaces or more
    Comment,       ///< `<!-- … -->` on lines of its own: never visible
  };
  Kind kind = Kind::Paragraph;
  int line = 0;    ///< 1-based, in the file; of a fenced block: of its fence
  int column = 0;  ///< 1-based, in bytes
  int last_line = 0;
  bool item = false;  ///< the first block of a list's item
  /// What a reader sees of it: markup, comments and hidden elements are left out, a line break is
  /// a space. Of code: each line, ended by "\n", without the indentation of the block. Of a
  /// comment: as written.
  std::string text;
  std::string info;             ///< of fenced code, what stands behind the fence
  std::vector<Inline> inlines;  ///< of headings, paragraphs and rows
};

/// A Markdown text, parsed as GitHub's dialect by libcmark-gfm, so that what counts as code or as
/// a comment here is what a reader sees rendered. With one exception: a tag on a line of its own
/// does not turn the lines below it into HTML up to the next blank line. Skills wrap Markdown in
/// tags (`<example>`), and agents, which read the source, see the code block in it.
struct Document {
  std::vector<Block> blocks;  ///< in order; front matter is skipped
  /// Why nothing was parsed, else empty: no honest document is nested so deep.
  std::string_view problem;
};

/// Takes any bytes: what is no UTF-8 becomes U+FFFD. Time and memory are linear in the size, but
/// for lists and quotations nested in one another, where what would take longer than some seconds
/// is a `problem`.
[[nodiscard]] Document parse_document(std::string_view markdown);

}  // namespace skillaudit
