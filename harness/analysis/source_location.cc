#include "harness/analysis/source_location.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <string_view>

#include "harness/base/text.h"

namespace skillaudit {
namespace {

/// "scripts/x.sh:67" without its ":67", and the 67; 0 where there is none.
std::pair<std::string_view, int> without_line(std::string_view place) {
  const std::size_t colon = place.rfind(':');
  if (colon == std::string_view::npos) return {place, 0};
  int line = 0;
  const char* const end = place.data() + place.size();
  const auto [after, error] = std::from_chars(place.data() + colon + 1, end, line);
  if (error != std::errc() || after != end || line <= 0) return {place, 0};
  return {place.substr(0, colon), line};
}

}  // namespace

std::vector<SourceLocation> source_locations(const Finding& finding, const Skill& skill) {
  std::map<std::string, const SkillFile*> by_shown_name;
  for (const SkillFile& file : skill.files) by_shown_name.emplace(printable(file.path), &file);
  std::vector<SourceLocation> locations;
  for (const Citation& citation : finding.evidence) {
    std::string_view place = citation.source;
    bool named = false;
    for (const std::string_view source : {"skill.json#", "execution.json#"}) {
      if (!place.starts_with(source)) continue;
      place.remove_prefix(source.size());
      named = true;
      break;
    }
    if (!named) continue;
    // A file may be named like a place in another one.
    auto file = by_shown_name.find(std::string(place));
    int line = 0;
    if (file == by_shown_name.end()) {
      const auto [name, number] = without_line(place);
      file = by_shown_name.find(std::string(name));
      line = number;
    }
    if (file == by_shown_name.end()) continue;
    SourceLocation location{file->second->path, line};
    if (std::find(locations.begin(), locations.end(), location) == locations.end())
      locations.push_back(std::move(location));
  }
  return locations;
}

}  // namespace skillaudit
