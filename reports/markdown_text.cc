#include "reports/markdown_text.h"

#include <algorithm>

#include "harness/base/code_spans.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

std::size_t longest_run_of_backticks(std::string_view text) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

}  // namespace

std::string markdown_prose(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '\\':
      case '`':
      case '*':
      case '_':
      case '[':
      case ']':
      case '|':
      case '~':
      case '#':
      case '$':
        out += '\\';
        out += c;
        break;
      case ':':
        // GitHub makes a link of a bare URL.
        out += text.substr(i).starts_with("://") ? "&#58;" : ":";
        break;
      case '@':
        out += "&#64;";
        break;
      case '.':
        // GitHub makes a link of "www.", too.
        out += i >= 3 && (text.substr(i - 3, 3) == "www" || text.substr(i - 3, 3) == "WWW")
                   ? "&#46;"
                   : ".";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string markdown_code(std::string_view text) {
  const std::string fence(longest_run_of_backticks(text) + 1, '`');
  const bool pad = text.empty() || text.front() == '`' || text.back() == '`' ||
                   (text.front() == ' ' && text.back() == ' ');
  const std::string space = pad ? " " : "";
  return fence + space + std::string(text) + space + fence;
}

std::string markdown_sentence(std::string_view text) {
  std::string out;
  for (const TextPart& part : code_spans(text))
    out += part.code ? markdown_code(part.text) : markdown_prose(part.text);
  return out;
}

std::string markdown_block(std::string_view text, std::size_t indent) {
  const std::string margin(indent, ' ');
  const std::string fence(std::max<std::size_t>(3, longest_run_of_backticks(text) + 1), '`');
  std::string out = margin + fence + "text\n";
  for (const std::string_view line : split(text, '\n')) {
    out += margin + std::string(line) + "\n";
  }
  return out + margin + fence + "\n";
}

std::string tidy_markdown(std::string_view page) {
  const auto is_item = [](std::string_view line) {
    return line.starts_with("- ") || line.starts_with("  - ");
  };
  std::string out;
  out.reserve(page.size());
  std::string fence;
  std::string_view last;
  bool blank = false;
  while (!page.empty()) {
    const std::size_t end = std::min(page.find('\n'), page.size());
    const std::string_view line = page.substr(0, end);
    page.remove_prefix(std::min(end + 1, page.size()));
    const std::string_view text = trim(line);
    if (fence.empty() && text.empty()) {
      blank = true;
      continue;
    }
    if (blank && !out.empty() && !(is_item(last) && is_item(line))) out += '\n';
    blank = false;
    out.append(line).append("\n");
    last = line;
    if (!fence.empty()) {
      if (text == fence) fence.clear();
    } else if (text.starts_with("```")) {
      fence = text.substr(0, text.find_first_not_of('`'));
    }
  }
  return out;
}

}  // namespace skillaudit
