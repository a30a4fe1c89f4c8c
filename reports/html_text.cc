#include "reports/html_text.h"

#include "harness/base/code_spans.h"
#include "harness/base/text.h"

namespace skillaudit {

std::string html_text(std::string_view printable) {
  std::string out;
  out.reserve(printable.size() + printable.size() / 8);
  for (const char c : printable) {
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
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

namespace html {

std::string cut(std::string_view raw, std::size_t limit) {
  // A byte may become four; what is cut anyway need not be escaped first.
  return shorten(printable(raw.substr(0, limit + 8)), limit);
}

Html code(std::string_view raw, std::size_t limit) {
  return markup("<code>{}</code>", cut(raw, limit));
}

Html printable_code(std::string_view text, std::size_t limit) {
  return markup("<code>{}</code>", shorten(text, limit));
}

Html sentence(std::string_view printable) {
  Html out;
  for (const TextPart& part : code_spans(printable))
    out += part.code ? markup("<code>{}</code>", part.text) : markup("{}", part.text);
  return out;
}

Html and_more(std::size_t left) {
  if (left == 0) return {};
  return markup(
      "<p class=\"more\">and {} more: see <code>report.json</code>; the bundle has all of it</p>\n",
      left);
}

Html table(std::string_view caption, const std::vector<std::string>& columns, const Html& rows) {
  Html head;
  for (const std::string& column : columns)
    head += column.starts_with("#")
                ? markup("<th scope=\"col\" class=\"n\">{}</th>", column.substr(1))
                : markup("<th scope=\"col\">{}</th>", column);
  return markup(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{0}\"><table>\n"
      "<caption>{0}</caption><thead><tr>{1}</tr></thead>\n<tbody>\n{2}</tbody></table></div>\n",
      caption, head, rows);
}

}  // namespace html
}  // namespace skillaudit
