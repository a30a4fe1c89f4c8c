#include "harness/skill/html_visibility.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "harness/base/among.h"
#include "harness/base/ascii.h"

namespace skillaudit {
namespace {

constexpr auto kNeverShown = std::to_array<std::string_view>(
    {"script", "style", "template", "head", "title", "noscript", "datalist", "object", "iframe"});
/// Elements without content and end tag (HTML, 13.1.2).
constexpr auto kVoid =
    std::to_array<std::string_view>({"area", "base", "br", "col", "embed", "hr", "img", "input",
                                     "link", "meta", "param", "source", "track", "wbr"});
/// Declarations that take an element out of sight, blanks left out.
constexpr auto kHidingStyles = std::to_array<std::string_view>(
    {"display:none", "visibility:hidden", "visibility:collapse", "opacity:0;", "opacity:0.0",
     "font-size:0", "max-height:0", "color:transparent"});
constexpr std::size_t kDeepest = 1000;

/// In lower case and with one kind of blank, so that attributes can be searched.
std::string normalised(std::string_view text) {
  std::string result = ascii_lower(text);
  std::replace_if(
      result.begin(), result.end(), [](unsigned char c) { return std::isspace(c) != 0; }, ' ');
  return result;
}

std::string_view name_of_tag(std::string_view tag) {
  return tag.substr(0, tag.find_first_of(" />"));
}

bool hides(std::string_view tag) {
  if (among(kNeverShown, name_of_tag(tag))) return true;
  for (std::size_t at = tag.find(" hidden"); at != std::string_view::npos;
       at = tag.find(" hidden", at + 1)) {
    const std::size_t end = at + 7;
    if (end == tag.size() || std::string_view(" =/>").find(tag[end]) != std::string_view::npos)
      return true;
  }
  if (tag.find("style") == std::string_view::npos) return false;
  std::string style;
  for (const char c : tag)
    if (c != ' ') style += c == '"' || c == '\'' ? ';' : c;
  return std::any_of(kHidingStyles.begin(), kHidingStyles.end(),
                     [&](std::string_view each) { return style.find(each) != std::string::npos; });
}

}  // namespace

void HtmlVisibility::tag(std::string_view text) {
  if (text.size() < 3 || !text.starts_with('<') || text[1] == '!' || text[1] == '?') return;
  std::string tag = normalised(text.substr(1));
  if (tag.ends_with('>')) tag.pop_back();
  if (tag.starts_with('/')) {
    const std::string name(name_of_tag(std::string_view(tag).substr(1)));
    const auto open = std::find(hidden_.rbegin(), hidden_.rend(), name);
    if (open != hidden_.rend()) hidden_.erase(std::prev(open.base()), hidden_.end());
    return;
  }
  const std::string name(name_of_tag(tag));
  if (among(kVoid, name) || tag.ends_with('/') || hidden_.size() >= kDeepest) return;
  if (!hidden_.empty() || hides(tag)) hidden_.push_back(name);
}

}  // namespace skillaudit
