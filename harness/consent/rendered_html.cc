#include "harness/consent/rendered_html.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "harness/base/among.h"
#include "harness/base/ascii.h"

namespace skillaudit {
namespace {

/// Deeper pages are no documents; what lies deeper counts as hidden.
constexpr std::size_t kDeepest = 100;
constexpr std::size_t kLongestTag = 4096;

constexpr auto kShown = std::to_array<std::string_view>(
    {"a",    "b",    "blockquote", "center", "code",    "dd",  "details", "div",
     "dl",   "dt",   "em",         "h1",     "h2",      "h3",  "h4",      "h5",
     "h6",   "i",    "kbd",        "li",     "ol",      "p",   "picture", "pre",
     "samp", "span", "strong",     "sub",    "summary", "sup", "table",   "tbody",
     "td",   "th",   "thead",      "tr",     "tt",      "u",   "ul",      "var"});
constexpr auto kVoid =
    std::to_array<std::string_view>({"area", "base", "br", "col", "embed", "hr", "img", "input",
                                     "link", "meta", "source", "track", "wbr"});
constexpr auto kHarmless = std::to_array<std::string_view>(
    {"align", "alt", "colspan", "href", "id", "lang", "name", "open", "rel", "rowspan", "start",
     "target", "title", "type", "valign"});

/// Elements that HTML or a browser's own sheet knows and that are not in kShown: each hides what is
/// in it, or shows it otherwise (HTML, 4 and 15.3; the obsolete ones of 16.2).
constexpr auto kKnown = std::to_array<std::string_view>({"abbr",
                                                         "acronym",
                                                         "address",
                                                         "applet",
                                                         "article",
                                                         "aside",
                                                         "audio",
                                                         "base",
                                                         "basefont",
                                                         "bdi",
                                                         "bdo",
                                                         "bgsound",
                                                         "big",
                                                         "blink",
                                                         "body",
                                                         "button",
                                                         "canvas",
                                                         "caption",
                                                         "cite",
                                                         "colgroup",
                                                         "data",
                                                         "datalist",
                                                         "del",
                                                         "desc",
                                                         "dfn",
                                                         "dialog",
                                                         "dir",
                                                         "fieldset",
                                                         "figcaption",
                                                         "figure",
                                                         "font",
                                                         "footer",
                                                         "form",
                                                         "frame",
                                                         "frameset",
                                                         "head",
                                                         "header",
                                                         "hgroup",
                                                         "html",
                                                         "iframe",
                                                         "image",
                                                         "ins",
                                                         "isindex",
                                                         "keygen",
                                                         "label",
                                                         "legend",
                                                         "listing",
                                                         "main",
                                                         "map",
                                                         "mark",
                                                         "marquee",
                                                         "math",
                                                         "menu",
                                                         "menuitem",
                                                         "metadata",
                                                         "meter",
                                                         "multicol",
                                                         "nav",
                                                         "nextid",
                                                         "nobr",
                                                         "noembed",
                                                         "noframes",
                                                         "noscript",
                                                         "object",
                                                         "optgroup",
                                                         "option",
                                                         "output",
                                                         "param",
                                                         "plaintext",
                                                         "portal",
                                                         "progress",
                                                         "q",
                                                         "rb",
                                                         "rbc",
                                                         "rp",
                                                         "rt",
                                                         "rtc",
                                                         "ruby",
                                                         "s",
                                                         "script",
                                                         "search",
                                                         "section",
                                                         "select",
                                                         "slot",
                                                         "small",
                                                         "spacer",
                                                         "strike",
                                                         "style",
                                                         "svg",
                                                         "symbol",
                                                         "defs",
                                                         "template",
                                                         "text",
                                                         "textarea",
                                                         "time",
                                                         "title",
                                                         "tfoot",
                                                         "video",
                                                         "xmp",
                                                         "fencedframe",
                                                         "selectedcontent"});

bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

std::string_view name_at(std::string_view tag) {
  std::size_t end = 0;
  while (end < tag.size() && !is_space(tag[end]) && tag[end] != '/' && tag[end] != '=') ++end;
  return tag.substr(0, end);
}

/// The first attribute that may hide the element, or empty.
std::string doubtful_attribute(std::string_view rest) {
  while (!rest.empty()) {
    if (is_space(rest[0]) || rest[0] == '/') {
      rest.remove_prefix(1);
      continue;
    }
    const std::string name = ascii_lower(name_at(rest));
    if (name.empty()) return "=";
    rest.remove_prefix(name.size());
    if (!among(kHarmless, name)) return name;
    if (rest.empty() || rest[0] != '=') continue;
    rest.remove_prefix(1);
    const char quote = rest.empty() ? '\0' : rest[0];
    if (quote == '"' || quote == '\'') {
      const std::size_t end = rest.find(quote, 1);
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    } else {
      while (!rest.empty() && !is_space(rest[0])) rest.remove_prefix(1);
    }
  }
  return {};
}

/// Where the tag ends whose inside starts at `at`: the index of its ">", quotes respected.
std::size_t end_of_tag(std::string_view html, std::size_t at) {
  char quote = '\0';
  for (; at < html.size(); ++at) {
    const char c = html[at];
    if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '>') {
      return at;
    }
  }
  return std::string_view::npos;
}

/// "<your best guess>", "<issue-number>": no element has that name, so a browser shows what
/// follows, and takes the words for attributes without a value.
bool is_placeholder(std::string_view name, std::string_view inside) {
  const std::string lower = ascii_lower(inside);
  std::string_view rest = lower;
  if (among(kKnown, name) || inside.find_first_of("=\"'<") != std::string_view::npos) return false;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find_first_of(" \t\n\r\f/"), rest.size());
    const std::string_view word = rest.substr(0, end);
    if (word == "hidden" || word == "popover") return false;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return std::isalpha(static_cast<unsigned char>(name[0])) != 0;
}

}  // namespace

std::string RenderedHtml::feed(std::string_view html) {
  std::string shown;
  std::size_t at = 0;
  while (at < html.size()) {
    if (inside_ == Inside::Comment) {
      const std::size_t end = html.find("-->", at);
      if (end == std::string_view::npos) return shown;
      inside_ = Inside::Text;
      at = end + 3;
    } else if (inside_ == Inside::Tag) {
      const std::size_t end = end_of_tag(html, at);
      const std::size_t stop = std::min(end, html.size());
      if (pending_.size() + stop - at <= kLongestTag) pending_.append(html.substr(at, stop - at));
      if (end == std::string_view::npos) return shown;
      inside_ = Inside::Text;
      tag(pending_);
      pending_.clear();
      at = end + 1;
    } else if (html.substr(at).starts_with("<!--")) {
      inside_ = Inside::Comment;
      at += 4;
    } else if (html[at] == '<') {
      inside_ = Inside::Tag;
      shown += ' ';
      ++at;
    } else {
      const std::size_t end = std::min(html.find('<', at), html.size());
      if (hiding_ == 0) shown.append(html.substr(at, end - at));
      at = end;
    }
  }
  return shown;
}

void RenderedHtml::tag(std::string_view inside) {
  if (inside.starts_with('/')) return close(ascii_lower(name_at(inside.substr(1))));
  const std::string name = ascii_lower(name_at(inside));
  if (name.empty() || among(kVoid, name) || inside.ends_with('/')) return;
  if (!among(kShown, name) && is_placeholder(name, inside)) return;
  Element element{name, {}};
  const std::string doubtful = doubtful_attribute(inside.substr(name.size()));
  if (!among(kShown, name) || open_.size() >= kDeepest) {
    element.hides = "<" + name.substr(0, 40) + ">";
  } else if (!doubtful.empty()) {
    element.hides = "<" + name + " " + doubtful.substr(0, 40) + ">";
  }
  if (!element.hides.empty()) ++hiding_;
  if (open_.size() <= kDeepest)
    open_.push_back(std::move(element));
  else
    --hiding_;  // one more of the same: the last one hides as long
}

void RenderedHtml::close(std::string_view name) {
  const auto found = std::find_if(open_.rbegin(), open_.rend(),
                                  [name](const Element& element) { return element.name == name; });
  if (found == open_.rend()) return;
  while (true) {
    const bool last = open_.back().name == name;
    if (!open_.back().hides.empty()) {
      // A browser would not end a hiding <div> at an outer </span>; in doubt it still hides.
      if (!last) return;
      --hiding_;
    }
    open_.pop_back();
    if (last) return;
  }
}

std::string RenderedHtml::hidden_by() const {
  if (inside_ == Inside::Comment) return "an HTML comment";
  if (inside_ == Inside::Tag) return "an HTML tag that is not closed";
  for (const Element& element : open_)
    if (!element.hides.empty()) return element.hides;
  return {};
}

}  // namespace skillaudit
