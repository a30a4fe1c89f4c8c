#include "reports/asks.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "harness/base/code_spans.h"
#include "harness/base/text.h"

namespace skillaudit {

std::vector<Ask> asks_of(const Assessment& assessment) {
  std::vector<Ask> asks;
  using Key = std::tuple<Verb, EffectClass, std::string_view, std::string_view>;
  std::map<Key, std::size_t> known;
  for (const ConsentedEffect& each : assessment.consented) {
    if (each.effect_class < EffectClass::Lasting) continue;
    const Key key(each.verb, each.effect_class, each.place, each.statement);
    const auto [at, is_new] = known.try_emplace(key, asks.size());
    if (is_new) asks.push_back({each.verb, each.effect_class, {}, each.statement, each.place});
    asks[at->second].objects.push_back(each.object);
  }
  std::stable_sort(asks.begin(), asks.end(),
                   [](const Ask& a, const Ask& b) { return a.effect_class > b.effect_class; });
  return asks;
}

std::string objects_in_words(const Ask& ask) {
  constexpr std::size_t kMost = 5;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < ask.objects.size() && i < kMost; ++i)
    names.push_back(code_span(shorten(ask.objects[i], 300)));
  std::string text = join(names, ", ");
  if (ask.objects.size() > kMost) text += fmt::format(" and {} more", ask.objects.size() - kMost);
  return text;
}

}  // namespace skillaudit
