#include "harness/analysis/definitions.h"

#include <algorithm>
#include <cctype>
#include <functional>

#include "harness/base/text.h"

namespace skillaudit {
namespace {

/// Of a part, and of a name.
constexpr std::size_t kMostNames = 8;
constexpr std::size_t kMostValues = 4;

bool is_word_byte(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// Ends where `wants` does.
void each_word(std::string_view text, const std::function<bool(std::string_view)>& wants) {
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && is_word_byte(text[end])) ++end;
    if (end > at && !wants(text.substr(at, end - at))) return;
    at = std::max(end, at + 1);
  }
}

}  // namespace

Definitions::Definitions(std::string_view code) {
  for (const std::string_view line : split(code, '\n'))
    for (std::size_t at = line.find('='); at != std::string_view::npos;
         at = line.find('=', at + 1)) {
      if (at == 0 || std::string_view("=!<>+-*/").find(line[at - 1]) != std::string_view::npos ||
          line.substr(at + 1).starts_with('='))
        continue;
      const std::string_view before = trim(line.substr(0, at));
      std::size_t begin = before.size();
      while (begin > 0 && is_word_byte(before[begin - 1])) --begin;
      if (begin == before.size()) continue;
      std::vector<std::string_view>& values = values_[before.substr(begin)];
      if (values.size() < kMostValues) values.push_back(line.substr(at));
    }
}

std::string Definitions::with(std::string_view part) const {
  std::string all(part);
  std::size_t names = 0;
  each_word(part, [&](std::string_view word) {
    const auto found = values_.find(word);
    if (found == values_.end()) return true;
    for (const std::string_view value : found->second) all += '\n' + std::string(value);
    return ++names < kMostNames;
  });
  return all;
}

bool Definitions::are_used_in(std::string_view part) const {
  bool used = false;
  each_word(part, [&](std::string_view word) {
    used = values_.contains(word);
    return !used;
  });
  return used;
}

}  // namespace skillaudit
