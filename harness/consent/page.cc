#include "harness/consent/page.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <utility>

#include "harness/base/ascii.h"
#include "harness/base/text.h"
#include "harness/consent/rendered_html.h"

namespace skillaudit {
namespace {

constexpr std::size_t kMaximumPage = 1 << 20;
constexpr std::size_t kMaximumLine = 32 << 10;
constexpr std::size_t kMaximumParagraph = 256 << 10;
/// The parser takes quadratic time for brackets of links and images that are never closed.
constexpr std::size_t kMaximumBrackets = 4'000;
/// A row may leave its last cells out, and the parser makes them all the same.
constexpr std::size_t kMaximumCells = 200'000;
constexpr int kDeepest = 200;

struct FreeParser {
  void operator()(cmark_parser* parser) const { cmark_parser_free(parser); }
};
struct FreeNode {
  void operator()(cmark_node* node) const { cmark_node_free(node); }
};
struct FreeIter {
  void operator()(cmark_iter* iter) const { cmark_iter_free(iter); }
};

std::string_view text_or_empty(const char* text) { return text == nullptr ? "" : text; }

/// How many containers a line opens or continues at most: its leading blanks and marks.
int container_depth(std::string_view line) {
  int depth = 0;
  int blanks = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool before_blank = i + 1 < line.size() && (line[i + 1] == ' ' || line[i + 1] == '\t');
    if (c == ' ' || c == '\t') {
      ++blanks;
    } else if (c == '>' || ((c == '-' || c == '*' || c == '+') && before_blank)) {
      ++depth;
    } else {
      break;
    }
  }
  return depth + blanks / 2;
}

/// The part of a document that is within bounds. It ends where the first bound is passed: a line
/// that is left out may open a comment or a code block, and all that follows would be read wrongly.
std::string_view bounded(std::string_view markdown, int number, std::vector<std::string>& cuts) {
  std::size_t at = 0;
  std::size_t paragraph = 0;
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::size_t brackets = 0;
  const auto cut = [&](std::string_view why) {
    cuts.push_back(fmt::format("line {} and what follows: {}", number, why));
    return markdown.substr(0, at);
  };
  for (; at < markdown.size(); ++number) {
    const std::size_t end = std::min(markdown.find('\n', at), markdown.size());
    const std::string_view line = markdown.substr(at, end - at);
    paragraph = trim(line).empty() ? 0 : paragraph + line.size();
    rows = paragraph == 0 ? 0 : rows + 1;
    const auto bars = static_cast<std::size_t>(std::count(line.begin(), line.end(), '|'));
    columns = paragraph == 0 ? 0 : std::max(columns, bars + 1);
    brackets = paragraph == 0
                   ? 0
                   : brackets + static_cast<std::size_t>(std::count(line.begin(), line.end(), '['));
    if (brackets > kMaximumBrackets) return cut("the paragraph has more than 4,000 brackets");
    if (rows * columns > kMaximumCells) return cut("the table has more than 200,000 cells");
    if (end > kMaximumPage) return cut("the document has more than 1 MiB");
    if (line.size() > kMaximumLine) return cut("the line has more than 32 KiB");
    if (paragraph > kMaximumParagraph) return cut("the paragraph has more than 256 KiB");
    if (container_depth(line) > kDeepest)
      return cut(fmt::format("the line is nested in more than {} lists or quotations", kDeepest));
    at = std::min(end + 1, markdown.size());
  }
  return markdown;
}

/// "weatherly" of "api.weatherly.example", which is what people call the service; empty for a
/// number or a name that is too short to mean anybody.
std::string_view own_name(std::string_view host) {
  std::vector<std::string_view> labels = split(host, '.');
  labels.pop_back();                                                     // "example"
  if (labels.size() > 1 && labels.back().size() < 4) labels.pop_back();  // "co" of "co.uk"
  if (labels.empty() || labels.back().size() < 4) return {};
  const bool number = labels.back().find_first_not_of("0123456789") == std::string_view::npos;
  return number ? std::string_view() : labels.back();
}

/// The host of a link whose text calls it by its name, as in "[Weatherly API](https://api.weatherly
/// .example/docs)": a reader sees whom it speaks of. Another text can lead anywhere.
std::string host_that_it_names(cmark_node* link) {
  std::string_view url = text_or_empty(cmark_node_get_url(link));
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  url.remove_prefix(scheme + 3);
  const std::string host = ascii_lower(url.substr(0, url.find_first_of("/?#:@")));
  std::string shown;
  for (cmark_node* child = cmark_node_first_child(link); child != nullptr;
       child = cmark_node_next(child))
    for (const char c : ascii_lower(text_or_empty(cmark_node_get_literal(child))))
      if (c == '.' || c == '/' || std::isalnum(static_cast<unsigned char>(c)) != 0) shown += c;
  std::string name;
  for (const char c : own_name(host))
    if (c != '-') name += c;
  // What shows the address is read as it stands.
  const bool is_address = shown.find('.') != std::string::npos;
  return !name.empty() && !is_address && shown.find(name) != std::string::npos ? host : "";
}

class Reader {
 public:
  Reader(Page& page, int first_line) : page_(page), first_line_(first_line) {}

  void read(cmark_node* document) {
    const std::unique_ptr<cmark_iter, FreeIter> iter(cmark_iter_new(document));
    for (cmark_event_type event = cmark_iter_next(iter.get()); event != CMARK_EVENT_DONE;
         event = cmark_iter_next(iter.get())) {
      cmark_node* node = cmark_iter_get_node(iter.get());
      event == CMARK_EVENT_ENTER ? enter(node) : leave(node);
    }
  }

 private:
  [[nodiscard]] int line_of(cmark_node* node) const {
    return cmark_node_get_start_line(node) - 1 + first_line_;
  }

  PageBlock& begin(PageBlockKind kind, cmark_node* node) {
    PageBlock block;
    block.kind = kind;
    block.line = line_of(node);
    block.list_depth = list_depth_;
    block.starts_item = std::exchange(item_starts_, false);
    page_.blocks.push_back(std::move(block));
    return page_.blocks.back();
  }

  void enter(cmark_node* node) {
    const std::string_view type = text_or_empty(cmark_node_get_type_string(node));
    if (type == "table_row" || type == "table_header") {
      PageBlock& row = begin(PageBlockKind::Row, node);
      row.is_header = type == "table_header";
    } else if (type == "table_cell") {
      if (page_.blocks.empty()) return;
      page_.blocks.back().cells.emplace_back();
    } else if (type == "strikethrough") {
      ++struck_;
    } else {
      enter_standard(node);
    }
  }

  void enter_standard(cmark_node* node) {
    const cmark_node_type type = cmark_node_get_type(node);
    if (type == CMARK_NODE_LIST) ++list_depth_;
    if (type == CMARK_NODE_ITEM) item_starts_ = true;
    if (type == CMARK_NODE_PARAGRAPH) begin(PageBlockKind::Paragraph, node).cells.emplace_back();
    if (type == CMARK_NODE_HEADING) {
      PageBlock& block = begin(PageBlockKind::Heading, node);
      block.level = cmark_node_get_heading_level(node);
      block.cells.emplace_back();
    }
    if (type == CMARK_NODE_CODE_BLOCK) code_block(node);
    if (type == CMARK_NODE_HTML_BLOCK) html_block(node);
    if (type == CMARK_NODE_IMAGE) ++images_;
    if (type == CMARK_NODE_LINK && visible())
      page_.links.emplace_back(text_or_empty(cmark_node_get_url(node)));
    if (type == CMARK_NODE_TEXT) add(text_or_empty(cmark_node_get_literal(node)), false, node);
    if (type == CMARK_NODE_CODE) add(text_or_empty(cmark_node_get_literal(node)), true, node);
    if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK) add(" ", false, node);
    if (type == CMARK_NODE_HTML_INLINE) {
      add(html_.feed(text_or_empty(cmark_node_get_literal(node))), false, node);
      new_run_ = true;
    }
  }

  void leave(cmark_node* node) {
    const std::string_view name = text_or_empty(cmark_node_get_type_string(node));
    const cmark_node_type type = cmark_node_get_type(node);
    if (name == "strikethrough") --struck_;
    if (type == CMARK_NODE_LIST) --list_depth_;
    if (type == CMARK_NODE_IMAGE) --images_;
    if (type == CMARK_NODE_LINK && visible())
      if (const std::string host = host_that_it_names(node); !host.empty()) {
        add(" ", false, node);
        add(host, true, node);
      }
    new_run_ = new_run_ || type == CMARK_NODE_PARAGRAPH;
  }

  [[nodiscard]] std::string hidden_by() const {
    if (struck_ > 0) return "struck out";
    return html_.hidden_by();
  }
  [[nodiscard]] bool visible() const { return images_ == 0 && hidden_by().empty(); }

  void add(std::string_view text, bool is_code, cmark_node* node) {
    if (images_ > 0 || text.empty() || page_.blocks.empty()) return;
    PageBlock& block = page_.blocks.back();
    if (block.cells.empty()) return;
    std::vector<PageText>& texts = block.cells.back();
    std::string hidden = hidden_by();
    const bool joins = !texts.empty() && !is_code && !texts.back().is_code && !new_run_ &&
                       texts.back().hidden_by == hidden;
    const bool same_line = joins && texts.back().line == line_of(node);
    new_run_ = false;
    if (joins && (same_line || text == " ")) {
      texts.back().text += text;
      return;
    }
    texts.push_back({std::string(text), is_code, std::move(hidden), line_of(node),
                     cmark_node_get_start_column(node)});
  }

  void code_block(cmark_node* node) {
    PageBlock& block = begin(PageBlockKind::Code, node);
    block.line += cmark_node_get_fence_info(node) != nullptr && fenced(node) ? 1 : 0;
    std::string_view info = text_or_empty(cmark_node_get_fence_info(node));
    // Pandoc and R Markdown write {.bash} and {bash}.
    while (!info.empty() && (info[0] == '{' || info[0] == '.' || info[0] == ' '))
      info.remove_prefix(1);
    block.language = ascii_lower(info.substr(0, info.find_first_of(" \t,{}:=")));
    block.code = text_or_empty(cmark_node_get_literal(node));
    block.hidden_by = hidden_by();
  }

  static bool fenced(cmark_node* node) {
    int length = 0;
    int offset = 0;
    char character = '\0';
    return cmark_node_get_fenced(node, &length, &offset, &character) != 0;
  }

  void html_block(cmark_node* node) {
    const std::string hidden = hidden_by();
    const std::string_view html = text_or_empty(cmark_node_get_literal(node));
    std::string shown = html_.feed(html);
    PageBlock& block = begin(PageBlockKind::Paragraph, node);
    block.cells.emplace_back();
    if (!trim(shown).empty()) block.cells[0].push_back({shown, false, hidden, block.line, 0});
    // What it hides is kept, so that an author sees that it covers nothing.
    if (shown.size() + 16 < html.size()) {
      const std::string by = !hidden.empty() ? hidden : hidden_by();
      const bool is_comment = html.find("<!--") != std::string_view::npos;
      const std::string reason = is_comment ? "an HTML comment" : by;
      if (!reason.empty())
        block.cells[0].push_back({std::string(html.substr(0, 4096)), false, reason, block.line, 0});
    }
    new_run_ = true;
  }

  Page& page_;
  int first_line_;
  int list_depth_ = 0;
  bool item_starts_ = false;
  bool new_run_ = false;
  int struck_ = 0;
  int images_ = 0;
  RenderedHtml html_;
};

}  // namespace

Page read_page(std::string_view markdown, int first_line) {
  Page page;
  const std::string_view text = bounded(markdown, first_line, page.cuts);
  cmark_gfm_core_extensions_ensure_registered();
  const std::unique_ptr<cmark_parser, FreeParser> parser(
      cmark_parser_new(CMARK_OPT_VALIDATE_UTF8 | CMARK_OPT_UNSAFE));
  for (const char* name : {"table", "strikethrough", "tasklist"})
    if (cmark_syntax_extension* extension = cmark_find_syntax_extension(name); extension != nullptr)
      cmark_parser_attach_syntax_extension(parser.get(), extension);
  cmark_parser_feed(parser.get(), text.data(), text.size());
  const std::unique_ptr<cmark_node, FreeNode> document(cmark_parser_finish(parser.get()));
  if (document) Reader(page, first_line).read(document.get());
  return page;
}

}  // namespace skillaudit
