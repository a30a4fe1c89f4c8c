#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace skillaudit {

/// A Markdown document as a reader sees it: its blocks in order, flat, with what is hidden marked.

/// A run of text of one kind.
struct PageText {
  std::string text;
  bool is_code = false;
  std::string hidden_by;  ///< "an HTML comment", "struck out"; empty where it shows
  int line = 0;
  int column = 0;
};

enum class PageBlockKind { Heading, Paragraph, Code, Row };

struct PageBlock {
  PageBlockKind kind = PageBlockKind::Paragraph;
  int line = 0;
  int level = 0;                             ///< Heading: 1 to 6
  int list_depth = 0;                        ///< how many lists it stands in
  bool starts_item = false;                  ///< the first block of its list item
  bool is_header = false;                    ///< Row: the table's first
  std::vector<std::vector<PageText>> cells;  ///< Row: its cells; Heading and Paragraph: one
  std::string language;                      ///< Code, lower case
  std::string code;                          ///< Code
  std::string hidden_by;                     ///< Code
};

struct Page {
  std::vector<PageBlock> blocks;
  std::vector<std::string> links;  ///< targets of visible links, as written
  std::vector<std::string> cuts;   ///< what was too much: "lines 3 to 9: …"
};

/// Reads CommonMark with GitHub's tables and strikethrough (libcmark-gfm). Targets and titles of
/// links and the alternative text of images are no text, but for the host of a link whose text
/// calls it by its name. Bounded: a document is read up to 1 MiB, or to the first line of more than
/// 32 KiB, paragraph of more than 256 KiB or 4,000 brackets, table of more than 200,000 cells, or
/// line in more than 200 lists and quotations; `cuts` says what was left out. `first_line` is the
/// number of the text's first line.
[[nodiscard]] Page read_page(std::string_view markdown, int first_line);

}  // namespace skillaudit
