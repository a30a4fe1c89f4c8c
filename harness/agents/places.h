#pragma once

#include <array>

#include "harness/agents/known_agents.h"
#include "harness/places/table.h"

namespace skillaudit {

/// The whole table of places: those of harness/places and those of each agent. Known at compile
/// time, so that the guest's program has only the rows that it uses.
inline constexpr auto kPlaces = [] {
  constexpr std::size_t kOfAgents = [] {
    std::size_t count = 0;
    for (const KnownAgent& agent : kKnownAgents) count += agent.places.size();
    return count;
  }();
  std::array<KnownPlace, kOfAgents + kOtherAgentPlaces.size() + kSystemPlaces.size() +
                             kUserPlaces.size() + kProjectPlaces.size()>
      all{};
  std::size_t count = 0;
  for (const KnownAgent& agent : kKnownAgents)
    for (const KnownPlace& place : agent.places) {
      all[count] = place;
      all[count++].agent = agent.name;
    }
  for (const KnownPlace& place : kOtherAgentPlaces) all[count++] = place;
  for (const KnownPlace& place : kSystemPlaces) all[count++] = place;
  for (const KnownPlace& place : kUserPlaces) all[count++] = place;
  for (const KnownPlace& place : kProjectPlaces) all[count++] = place;
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
