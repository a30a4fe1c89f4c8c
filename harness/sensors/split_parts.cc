#include "harness/sensors/split_parts.h"

#include <algorithm>
#include <cctype>

#include "harness/base/text.h"

namespace skillaudit {
namespace {

/// The last two labels: who cuts a secret into host names has all that is below them.
std::string_view domain_of(std::string_view host) {
  const std::size_t last = host.rfind('.');
  if (last == std::string_view::npos || last == 0) return host;
  const std::size_t before = host.rfind('.', last - 1);
  return before == std::string_view::npos ? host : host.substr(before + 1);
}

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '/' || c == '-' ||
         c == '_' || c == '=' || c == '%';
}

std::string_view longest_of(const std::vector<std::string_view>& parts) {
  std::string_view longest;
  for (const std::string_view part : parts)
    if (part.size() > longest.size()) longest = part;
  return longest;
}

std::string_view longest_word(std::string_view text) {
  std::string_view longest;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && is_word(text[end])) ++end;
    // "key=value": a value is what is cut into pieces.
    const std::string_view word = text.substr(at, end - at);
    const std::size_t equals = word.find('=');
    const std::string_view value = equals == std::string_view::npos || equals + 2 >= word.size()
                                       ? word
                                       : word.substr(equals + 1);
    if (value.size() > longest.size()) longest = value;
    at = end + 1;
  }
  return longest;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

}  // namespace

void SplitParts::add(Places& places, const char* place, std::string_view name,
                     std::string_view piece, std::int64_t flow) {
  if (piece.empty() || piece.size() > kLongest) return;
  std::string key = std::string(place) + " " + std::string(name.substr(0, 100));
  auto found = places.find(key);
  if (bytes_ + piece.size() > kMostBytes ||
      (found == places.end() && places.size() == kMostPlaces)) {
    complete_ = false;
    return;
  }
  if (found == places.end())
    found = places.emplace(std::move(key), JoinedParts{place, {}, {}}).first;
  found->second.text += piece;
  found->second.ends.emplace_back(found->second.text.size(), flow);
  bytes_ += piece.size();
}

SplitParts::Places* SplitParts::places_of(const Flow& flow) {
  const std::string_view domain = domain_of(flow.host);
  const auto found = domains_.find(domain);
  if (found != domains_.end()) return &found->second;
  if (domains_.size() == kMostDomains) {
    complete_ = false;
    return nullptr;
  }
  return &domains_.emplace(domain, Places{}).first->second;
}

void SplitParts::add(const Flow& flow, std::string_view headers) {
  Places* const known = places_of(flow);
  if (!known) return;
  Places& places = *known;
  const std::string_view domain = domain_of(flow.host);
  const std::string_view host = flow.host;
  if (domain.size() < host.size())
    add(places, "host names", "",
        longest_of(split(host.substr(0, host.size() - domain.size() - 1), '.')), flow.id);
  const std::vector<std::string_view> segments = split(flow.path, '/');
  if (!segments.empty()) add(places, "path", "last", segments.back(), flow.id);
  add(places, "path", "longest", longest_of(segments), flow.id);
  for (const std::string_view pair : split(flow.query, '&')) {
    const std::size_t equals = pair.find('=');
    const bool bare = equals == std::string_view::npos;
    add(places, "query", bare ? "" : pair.substr(0, equals), bare ? pair : pair.substr(equals + 1),
        flow.id);
    if (places.size() == kMostPlaces) break;
  }
  for (const std::string_view line : split(headers, '\n')) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    add(places, "headers", line.substr(0, colon), trimmed(line.substr(colon + 1)), flow.id);
    if (places.size() == kMostPlaces) break;
  }
}

void SplitParts::add_body(const Flow& flow, std::string_view body) {
  constexpr std::size_t kLargeBody = 4096;
  if (body.size() > kLargeBody) return;
  Places* const places = places_of(flow);
  if (!places) return;
  add(*places, "body", "", trimmed(body), flow.id);
  add(*places, "body", "word", longest_word(body), flow.id);
}

std::vector<JoinedParts> SplitParts::joined() const {
  std::vector<JoinedParts> all;
  for (const auto& [domain, places] : domains_)
    for (const auto& [key, parts] : places)
      if (parts.ends.size() > 1) all.push_back(parts);
  return all;
}

}  // namespace skillaudit
