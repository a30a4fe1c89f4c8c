#pragma once

#include <fmt/core.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace skillaudit {

/// HTML that shows text as it is, whatever it holds: & < > " and ' as character references, so that
/// it is good between tags and in an attribute in quotes alike. Takes printable() or
/// printable_block() text.
[[nodiscard]] std::string html_text(std::string_view printable);

namespace html {

/// Markup, and nothing else: text gets into one through markup(), which escapes it, and what is not
/// escaped is a literal of the program's. So no text of the guest's can be taken for markup by
/// mistake, and the compiler sees to it.
class Html {
 public:
  Html() = default;
  Html& operator+=(const Html& more) {
    text_ += more.text_;
    return *this;
  }
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] std::size_t size() const { return text_.size(); }
  [[nodiscard]] bool empty() const { return text_.empty(); }

 private:
  explicit Html(std::string text) : text_(std::move(text)) {}
  template <typename... Arguments>
  friend Html markup(fmt::format_string<Arguments...> format, const Arguments&... arguments);
  std::string text_;
};

namespace detail {
inline const std::string& shown(const Html& html) { return html.text(); }
inline std::string shown(const std::string& printable) { return html_text(printable); }
inline std::string shown(std::string_view printable) { return html_text(printable); }
inline std::string shown(const char* printable) { return html_text(printable); }
inline std::size_t shown(std::size_t number) { return number; }
inline int shown(int number) { return number; }
inline double shown(double number) { return number; }
}  // namespace detail

/// `format`, a literal, with each text escaped and each Html as it is: markup("<b>{}</b>", name).
template <typename... Arguments>
[[nodiscard]] Html markup(fmt::format_string<Arguments...> format, const Arguments&... arguments) {
  const auto fill = [&](const auto&... shown) {
    return fmt::vformat(fmt::string_view(format), fmt::make_format_args(shown...));
  };
  return Html(fill(detail::shown(arguments)...));
}

}  // namespace html
}  // namespace skillaudit

/// Only so that fmt::format_string checks the placeholders; markup() never formats one.
template <>
struct fmt::formatter<skillaudit::html::Html> : fmt::formatter<fmt::string_view> {
  template <typename Context>
  auto format(const skillaudit::html::Html& html, Context& context) const {
    return fmt::formatter<fmt::string_view>::format(html.text(), context);
  }
};

namespace skillaudit::html {

/// Raw bytes of the guest as code: printable, at most `limit` bytes of it.
[[nodiscard]] Html code(std::string_view raw, std::size_t limit = 300);
/// Printable text as code, shortened to `limit` bytes.
[[nodiscard]] Html printable_code(std::string_view text, std::size_t limit = 300);
/// Printable text in which text between backticks is code.
[[nodiscard]] Html sentence(std::string_view printable);
/// Printable text cut to `limit` bytes.
[[nodiscard]] std::string cut(std::string_view raw, std::size_t limit = 300);

/// How much a list shows. A guest decides how long lists and their items are; a page has to end.
struct Bounds {
  std::size_t items = 50;
  std::size_t bytes = 96 << 10;  ///< of markup
};

/// What `show` makes of the first of `all`, within `bounds`; `left` is how many are not shown.
template <typename Range, typename Show>
[[nodiscard]] Html first_of(const Range& all, const Bounds& bounds, std::size_t& left, Show show) {
  Html out;
  std::size_t shown = 0;
  for (const auto& each : all) {
    if (shown == bounds.items || out.size() >= bounds.bytes) break;
    out += show(each);
    ++shown;
  }
  left = all.size() - shown;
  return out;
}

/// A paragraph that says how many more there are and where; nothing for none.
[[nodiscard]] Html and_more(std::size_t left);

/// `<ul>` of the first of `all`, and how many more there are; nothing for none.
template <typename Range, typename Show>
[[nodiscard]] Html list_of(const Range& all, const Bounds& bounds, Show show) {
  if (all.size() == 0) return {};
  std::size_t left = 0;
  const Html items = first_of(all, bounds, left,
                              [&](const auto& each) { return markup("<li>{}</li>", show(each)); });
  return markup("<ul class=\"items\">{}</ul>{}\n", items, and_more(left));
}

/// A table in a box of its own, which scrolls where it is too wide. Columns of numbers begin with
/// "#", which is not shown.
[[nodiscard]] Html table(std::string_view caption, const std::vector<std::string>& columns,
                         const Html& rows);

}  // namespace skillaudit::html
