#include "harness/skill/markdown_blocks.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include "harness/base/text.h"
#include "harness/skill/front_matter.h"

namespace skillaudit {
namespace {

struct Fence {
  char mark = 0;
  std::size_t length = 0;
  std::size_t quotes = 0;  ///< how many `>` stand before it
  std::size_t indent = 0;  ///< columns after the quotation marks, a list's marker included
  std::string_view info;
};

/// Takes at most `limit` quotation marks off the line and returns how many there were.
std::size_t strip_quotes(std::string_view& line, std::size_t limit) {
  std::size_t quotes = 0;
  while (quotes < limit) {
    const std::size_t at = line.find_first_not_of(' ');
    if (at == std::string_view::npos || line[at] != '>') break;
    line.remove_prefix(at + 1);
    if (line.starts_with(' ')) line.remove_prefix(1);
    ++quotes;
  }
  return quotes;
}

/// Length of a list marker with the blanks after it ("- ", "12. "), or 0.
std::size_t list_marker(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && end < 9 && std::isdigit(static_cast<unsigned char>(text[end]))) ++end;
  const std::string_view closers = end > 0 ? ".)" : "-*+";
  if (end == text.size() || closers.find(text[end]) == std::string_view::npos) return 0;
  const std::size_t content = text.find_first_not_of(' ', end + 1);
  return content == std::string_view::npos || content == end + 1 ? 0 : content;
}

std::optional<Fence> opening_fence(std::string_view line) {
  Fence fence;
  fence.quotes = strip_quotes(line, line.size());
  fence.indent = std::min(line.find_first_not_of(" \t"), line.size());
  fence.indent += list_marker(line.substr(fence.indent));
  const std::string_view rest = line.substr(fence.indent);
  if (rest.empty() || (rest[0] != '`' && rest[0] != '~')) return std::nullopt;
  fence.mark = rest[0];
  fence.length = std::min(rest.find_first_not_of(fence.mark), rest.size());
  fence.info = trim(rest.substr(fence.length));
  if (fence.length < 3) return std::nullopt;
  // "```x```" is code within a line, not a fence.
  if (fence.mark == '`' && fence.info.find('`') != std::string_view::npos) return std::nullopt;
  return fence;
}

bool closes(std::string_view line, const Fence& fence) {
  const std::string_view text = trim(line);
  return text.size() >= fence.length &&
         text.find_first_not_of(fence.mark) == std::string_view::npos;
}

std::string_view without_indent(std::string_view line, std::size_t columns) {
  std::size_t at = 0;
  while (at < columns && at < line.size() && (line[at] == ' ' || line[at] == '\t')) ++at;
  return line.substr(at);
}

std::string language_of(std::string_view info) {
  // Pandoc and R Markdown write {.bash} and {bash}.
  while (!info.empty() && (info[0] == '{' || info[0] == '.' || info[0] == ' '))
    info.remove_prefix(1);
  std::string language(info.substr(0, info.find_first_of(" \t,{}:=")));
  std::transform(language.begin(), language.end(), language.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return language;
}

}  // namespace

std::vector<CodeBlock> code_blocks(std::string_view markdown) {
  std::vector<CodeBlock> blocks;
  std::optional<Fence> open;
  bool in_comment = false;
  int number = 0;
  const int head = front_matter_lines(markdown);
  for (std::string_view line : split(markdown, '\n')) {
    if (++number <= head) continue;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (open) {
      const bool left_quotation = strip_quotes(line, open->quotes) < open->quotes;
      if (!left_quotation) {
        if (closes(line, *open)) {
          open.reset();
        } else {
          blocks.back().code.append(without_indent(line, open->indent)).append("\n");
        }
        continue;
      }
      open.reset();
    }
    if (!in_comment && trim(line).starts_with("<!--")) in_comment = true;
    if (in_comment) {
      in_comment = line.find("-->") == std::string_view::npos;
      continue;
    }
    open = opening_fence(line);
    if (open) blocks.push_back({number + 1, language_of(open->info), ""});
  }
  return blocks;
}

}  // namespace skillaudit
