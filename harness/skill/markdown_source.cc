#include "harness/skill/markdown_source.h"

#include <algorithm>
#include <cctype>

#include "harness/base/text.h"
#include "harness/skill/front_matter.h"

namespace skillaudit {
namespace {

constexpr std::size_t kLargest = 16 << 20;
/// A blank line is compared with each list that is open. 20 million comparisons take about half a
/// second (cmark-gfm 0.29.0.gfm.6).
constexpr std::size_t kMostComparisons = 20'000'000;
constexpr std::size_t kMostColumns = 500;
constexpr std::size_t kMostCells = 1'000'000;
/// The lines of a paragraph are read again, one by one, when a table's delimiter row ends it.
constexpr std::size_t kMostLinesBeforeTable = 2'000;

/// Columns of what could open lists and quotations at the start of a line: at least their number.
std::size_t prefix_of(std::string_view line) {
  line = line.substr(0, line.find_first_not_of(" \t>-+*0123456789.)"));
  return line.size() + 3 * static_cast<std::size_t>(std::count(line.begin(), line.end(), '\t'));
}

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t>") == std::string_view::npos;
}

/// "|---|:-:|", without or with the marks of lists and quotations before it.
bool is_delimiter_row(std::string_view line) {
  return line.find('-') != std::string_view::npos &&
         line.find_first_not_of(" \t|:->") == std::string_view::npos;
}

/// What cmark-gfm would spend more than linear time on.
class Costs {
 public:
  void add(std::string_view line) {
    const bool blank = is_blank(line);
    if (blank) {
      comparisons_ += depth_;
      paragraph_ = columns_ = 0;
    } else {
      // A line right below another one may belong to its paragraph, however little it is indented.
      depth_ = after_blank_ ? prefix_of(line) : std::max(depth_, prefix_of(line));
      ++paragraph_;
      table(line);
    }
    after_blank_ = blank;
  }

  [[nodiscard]] bool too_deep() const { return comparisons_ > kMostComparisons; }
  [[nodiscard]] bool tables_fit() const { return tables_fit_ && cells_ <= kMostCells; }

 private:
  void table(std::string_view line) {
    if (is_delimiter_row(line)) {
      columns_ = static_cast<std::size_t>(std::count(line.begin(), line.end(), '|')) + 1;
      if (columns_ > kMostColumns || paragraph_ > kMostLinesBeforeTable) tables_fit_ = false;
    }
    cells_ += columns_;
  }

  std::size_t comparisons_ = 0, depth_ = 0, paragraph_ = 0, columns_ = 0, cells_ = 0;
  bool after_blank_ = true;
  bool tables_fit_ = true;
};

/// Whether a tag begins the text: "<name>", "</name>", "<name attribute…". Not "<https://…>".
bool begins_with_tag(std::string_view text) {
  if (!text.starts_with('<')) return false;
  text.remove_prefix(text.starts_with("</") ? 2 : 1);
  std::size_t end = 0;
  while (end < text.size() &&
         (std::isalnum(static_cast<unsigned char>(text[end])) || text[end] == '-'))
    ++end;
  if (end == 0 || std::isdigit(static_cast<unsigned char>(text[0])) || text[0] == '-') return false;
  return end == text.size() || std::string_view(" \t>/").find(text[end]) != std::string_view::npos;
}

/// Where HTML could begin in the line: behind what opens lists and quotations.
std::size_t start_of_html(std::string_view line) {
  std::size_t at = 0;
  while (at < line.size() && line[at] != '<') {
    if (std::string_view(" \t>-+*0123456789.)").find(line[at]) == std::string_view::npos)
      return std::string_view::npos;
    ++at;
  }
  return at < line.size() && begins_with_tag(line.substr(at)) ? at : std::string_view::npos;
}

/// Each run of bytes that are no UTF-8 as U+FFFD, and so is NUL, as cmark does.
std::string with_replacements(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  bool replaced = false;
  while (!text.empty()) {
    std::uint32_t ignored = 0;
    const std::size_t length = text[0] == '\0' ? 0 : utf8_sequence(text, ignored);
    if (length > 0) result += text.substr(0, length);
    if (length == 0 && !replaced) result += "\xef\xbf\xbd";
    replaced = length == 0;
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return result;
}

void add_line(std::string_view line, int number, MarkdownSource& source) {
  const std::size_t tag = std::min(start_of_html(line), line.size());
  source.text += line.substr(0, tag);
  if (tag < line.size()) source.text.append(1, kTagMark).append(line.substr(tag));
  source.text += '\n';
  source.file_line.push_back(number);
}

}  // namespace

MarkdownSource prepare_markdown(std::string_view markdown) {
  MarkdownSource source;
  if (markdown.size() > kLargest) {
    source.problem = "it is larger than 16 MiB";
    return source;
  }
  std::string valid;
  if (!is_utf8(markdown) || markdown.find('\0') != std::string_view::npos)
    markdown = valid = with_replacements(markdown);
  const int head = front_matter_lines(markdown);
  Costs costs;
  source.text.reserve(markdown.size() + 64);
  for (int number = 1; !markdown.empty(); ++number) {
    const std::size_t end = std::min(markdown.find('\n'), markdown.size());
    std::string_view whole = markdown.substr(0, end);
    markdown.remove_prefix(std::min(end + 1, markdown.size()));
    if (number <= head) continue;
    if (whole.ends_with('\r')) whole.remove_suffix(1);
    // A lone carriage return ends a line for cmark, and for nobody who counts lines.
    while (true) {
      const std::string_view line = whole.substr(0, whole.find('\r'));
      costs.add(line);
      add_line(line, number, source);
      if (line.size() == whole.size()) break;
      whole.remove_prefix(line.size() + 1);
    }
  }
  if (costs.too_deep()) source.problem = "its lists and quotations are nested too deep";
  source.tables = costs.tables_fit();
  return source;
}

}  // namespace skillaudit
