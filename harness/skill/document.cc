#include "harness/skill/document.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>
#include <cmark-gfm.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <utility>

#include "harness/base/text.h"
#include "harness/skill/html_visibility.h"
#include "harness/skill/markdown_source.h"

namespace skillaudit {
namespace {

struct FreeParser {
  void operator()(cmark_parser* parser) const { cmark_parser_free(parser); }
};
struct FreeNode {
  void operator()(cmark_node* node) const { cmark_node_free(node); }
};
struct FreeIterator {
  void operator()(cmark_iter* iterator) const { cmark_iter_free(iterator); }
};
using Tree = std::unique_ptr<cmark_node, FreeNode>;

cmark_syntax_extension* table_extension() {
  static std::once_flag once;
  std::call_once(once, cmark_gfm_core_extensions_ensure_registered);
  return cmark_find_syntax_extension("table");
}

Tree parse(const MarkdownSource& source) {
  cmark_syntax_extension* tables = table_extension();
  const std::unique_ptr<cmark_parser, FreeParser> parser(cmark_parser_new(CMARK_OPT_SOURCEPOS));
  if (source.tables) cmark_parser_attach_syntax_extension(parser.get(), tables);
  cmark_parser_feed(parser.get(), source.text.data(), source.text.size());
  return Tree(cmark_parser_finish(parser.get()));
}

std::string without_marks(const char* text) {
  std::string result = text == nullptr ? "" : text;
  result.erase(std::remove(result.begin(), result.end(), kTagMark), result.end());
  return result;
}

/// Length of the comment or tag at the start of `text`, 0: there is none.
std::size_t end_of_html(std::string_view text) {
  if (!text.starts_with('<')) return 0;
  const std::string_view closing = text.starts_with("<!--") ? "-->" : ">";
  const std::size_t end = text.find(closing);
  return end == std::string_view::npos ? text.size() : end + closing.size();
}

/// Turns the tree into blocks, in one pass over its events.
class Reader {
 public:
  explicit Reader(const MarkdownSource& source) : source_(source) {}

  std::vector<Block> read(cmark_node* root) {
    const std::unique_ptr<cmark_iter, FreeIterator> events(cmark_iter_new(root));
    for (auto event = cmark_iter_next(events.get()); event != CMARK_EVENT_DONE;
         event = cmark_iter_next(events.get())) {
      cmark_node* node = cmark_iter_get_node(events.get());
      if (event == CMARK_EVENT_ENTER)
        enter(node);
      else
        leave(node);
    }
    return std::move(blocks_);
  }

 private:
  void enter(cmark_node* node) {
    const cmark_node_type type = cmark_node_get_type(node);
    if (type == CMARK_NODE_ITEM) {
      item_ = true;
    } else if (type == CMARK_NODE_CODE_BLOCK) {
      code(node);
    } else if (type == CMARK_NODE_HTML_BLOCK) {
      html(node);
    } else if (type == CMARK_NODE_HEADING) {
      begin(node, Block::Kind::Heading);
    } else if (type == CMARK_NODE_PARAGRAPH) {
      begin(node, Block::Kind::Paragraph);
    } else if (cmark_node_get_syntax_extension(node) != nullptr) {
      table(node);
    } else {
      enter_inline(node, type);
    }
  }

  /// The types of a table's nodes are numbers that the extension draws when it is registered.
  void table(cmark_node* node) {
    const std::string_view type = cmark_node_get_type_string(node);
    if (type == "table_row" || type == "table_header") begin(node, Block::Kind::TableRow);
    if (type == "table_cell" && cmark_node_previous(node) != nullptr)
      add(node, Inline::Kind::Text, " | ");
  }

  void enter_inline(cmark_node* node, cmark_node_type type) {
    if (type == CMARK_NODE_TEXT) {
      add(node, Inline::Kind::Text, without_marks(cmark_node_get_literal(node)));
    } else if (type == CMARK_NODE_CODE) {
      add(node, Inline::Kind::Code, without_marks(cmark_node_get_literal(node)));
    } else if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK) {
      add(node, Inline::Kind::Text, " ");
    } else if (type == CMARK_NODE_HTML_INLINE) {
      std::string tag = without_marks(cmark_node_get_literal(node));
      html_.tag(tag);
      add(node, Inline::Kind::Html, std::move(tag));
    } else if ((type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE) && labels_++ == 0) {
      push(node, type == CMARK_NODE_LINK ? Inline::Kind::Link : Inline::Kind::Image, "");
      blocks_.back().inlines.back().target = without_marks(cmark_node_get_url(node));
    }
  }

  void leave(cmark_node* node) {
    const cmark_node_type type = cmark_node_get_type(node);
    if (type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE) --labels_;
    if (type == CMARK_NODE_ITEM) item_ = false;
  }

  Block& begin(cmark_node* node, Block::Kind kind) {
    Block& block = blocks_.emplace_back();
    block.kind = kind;
    block.line = line_of(cmark_node_get_start_line(node));
    block.column = cmark_node_get_start_column(node);
    block.last_line = line_of(cmark_node_get_end_line(node));
    block.item = std::exchange(item_, false);
    return block;
  }

  void code(cmark_node* node) {
    int ignored = 0;
    char mark = 0;
    const bool fenced = cmark_node_get_fenced(node, &ignored, &ignored, &mark) != 0;
    Block& block = begin(node, fenced ? Block::Kind::FencedCode : Block::Kind::IndentedCode);
    block.text = without_marks(cmark_node_get_literal(node));
    if (fenced) block.info = without_marks(cmark_node_get_fence_info(node));
  }

  /// Comments, and what stands behind one on its last line, which shows.
  void html(cmark_node* node) {
    const std::string text = without_marks(cmark_node_get_literal(node));
    begin(node, Block::Kind::Comment);
    std::string_view rest = text;
    while (!rest.empty()) {
      const std::size_t end = end_of_html(rest);
      if (end > 0) html_.tag(rest.substr(0, end));
      const std::string_view piece =
          rest.substr(0, end > 0 ? end : std::min(rest.find('<', 1), rest.size()));
      add(node, end > 0 ? Inline::Kind::Html : Inline::Kind::Text, std::string(piece));
      rest.remove_prefix(piece.size());
    }
    Block& block = blocks_.back();
    if (trim(block.text).empty()) {
      block.text = text;
      block.inlines.clear();
    } else {
      block.kind = Block::Kind::Paragraph;
    }
  }

  void add(cmark_node* node, Inline::Kind kind, std::string text) {
    if (blocks_.empty()) return;
    const bool shows = html_.visible() && kind != Inline::Kind::Html;
    if (labels_ == 0) {
      if (shows) blocks_.back().text += text;
      push(node, kind, std::move(text));
    } else if (kind != Inline::Kind::Html) {
      Inline& label = blocks_.back().inlines.back();
      label.text += kind == Inline::Kind::Code ? '`' + text + '`' : text;
      if (shows && label.kind == Inline::Kind::Link) blocks_.back().text += text;
    }
  }

  void push(cmark_node* node, Inline::Kind kind, std::string text) {
    Block& block = blocks_.back();
    // cmark counts the lines of a paragraph whose first ones are link definitions from those on.
    const int line = std::clamp(line_of(cmark_node_get_start_line(node)), block.line,
                                std::max(block.line, block.last_line));
    block.inlines.push_back(
        {.kind = kind, .line = line, .text = std::move(text), .visible = html_.visible()});
  }

  [[nodiscard]] int line_of(int number) const {
    const auto last = static_cast<int>(source_.file_line.size());
    if (last == 0) return 1;
    return source_.file_line[static_cast<std::size_t>(std::clamp(number, 1, last) - 1)];
  }

  const MarkdownSource& source_;
  std::vector<Block> blocks_;
  HtmlVisibility html_;
  int labels_ = 0;
  bool item_ = false;
};

}  // namespace

Document parse_document(std::string_view markdown) {
  const MarkdownSource source = prepare_markdown(markdown);
  if (!source.problem.empty()) return {{}, source.problem};
  const Tree tree = parse(source);
  return {Reader(source).read(tree.get()), {}};
}

}  // namespace skillaudit
