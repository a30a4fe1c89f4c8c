#include "harness/evidence/gap.h"

#include <utility>

namespace skillaudit {

std::string_view name_of(GapKind kind) {
  static constexpr std::array<std::string_view, kGapKinds.size()> kNames = {"not_watched", "lost",
                                                                            "cut", "not_exercised"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view name_of(GapSource source) {
  static constexpr std::array<std::string_view, kGapSources.size()> kNames = {
      "agent", "agent_files",   "boot",     "console", "decoy_search", "digests",
      "disk",  "execution",     "flows",    "guest",   "guest_view",   "machine",
      "model", "package_files", "snapshot", "trace",   "wire"};
  return kNames[static_cast<std::size_t>(source)];
}

Gap Gap::not_watched(GapSource source, std::string text, GapScope scope) {
  return {GapKind::NotWatched, source, std::move(scope), std::move(text)};
}

Gap Gap::lost(GapSource source, std::string text, GapScope scope) {
  return {GapKind::Lost, source, std::move(scope), std::move(text)};
}

Gap Gap::cut(GapSource source, std::string text, GapScope scope) {
  return {GapKind::Cut, source, std::move(scope), std::move(text)};
}

Gap Gap::not_exercised(GapSource source, std::string text, GapScope scope) {
  return {GapKind::NotExercised, source, std::move(scope), std::move(text)};
}

void append(std::vector<Gap>& gaps, const std::vector<Gap>& more) {
  gaps.insert(gaps.end(), more.begin(), more.end());
}

}  // namespace skillaudit
