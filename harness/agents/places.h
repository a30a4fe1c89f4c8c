#pragma once

#include <array>
#include <string_view>

#include "harness/agents/claude.h"
#include "harness/agents/codex.h"
#include "harness/agents/gemini.h"
#include "harness/agents/opencode.h"
#include "harness/places/table.h"

namespace skillaudit {

/// The whole table of places: those of harness/places and those of each agent. Known at compile
/// time, so that the guest's program has only the rows that it uses.
inline constexpr auto kPlaces = [] {
  std::array<KnownPlace, kSystemPlaces.size() + kUserPlaces.size() + kOtherAgentPlaces.size() +
                             kClaudePlaces.size() + kCodexPlaces.size() + kGeminiPlaces.size() +
                             kOpenCodePlaces.size()>
      all{};
  std::size_t count = 0;
  const auto add = [&](const auto& places, std::string_view agent) {
    for (const KnownPlace& place : places) {
      all[count] = place;
      if (!agent.empty()) all[count].agent = agent;
      ++count;
    }
  };
  add(kClaudePlaces, "claude");
  add(kCodexPlaces, "codex");
  add(kGeminiPlaces, "gemini");
  add(kOpenCodePlaces, "opencode");
  add(kOtherAgentPlaces, "");
  add(kSystemPlaces, "");
  add(kUserPlaces, "");
  return all;
}();

/// How many rows `is_wanted` takes, and those rows: for lists that are made at compile time.
template <typename Wanted>
consteval std::size_t count_places(Wanted is_wanted) {
  std::size_t count = 0;
  for (const KnownPlace& place : kPlaces) count += is_wanted(place) ? 1 : 0;
  return count;
}
template <auto is_wanted>
consteval auto select_places() {
  std::array<KnownPlace, count_places(is_wanted)> selected{};
  std::size_t count = 0;
  for (const KnownPlace& place : kPlaces)
    if (is_wanted(place)) selected[count++] = place;
  return selected;
}

}  // namespace skillaudit
