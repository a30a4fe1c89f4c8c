#include "harness/analysis/source_location.h"

#include <algorithm>
#include <charconv>
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

/// The file that is shown as `name`: nearly always the one that is named so.
const SkillFile* file_shown_as(const std::vector<SkillFile>& files, std::string_view name) {
  const auto named = std::lower_bound(
      files.begin(), files.end(), name,
      [](const SkillFile& file, std::string_view wanted) { return file.path < wanted; });
  if (named != files.end() && named->path == name && printable(name) == name) return &*named;
  // What cannot be shown as it is has a backslash in what is shown.
  if (name.find('\\') == std::string_view::npos) return nullptr;
  const auto shown = std::find_if(files.begin(), files.end(), [&](const SkillFile& file) {
    return printable(file.path) == name;
  });
  return shown == files.end() ? nullptr : &*shown;
}

}  // namespace

std::vector<SourceLocation> source_locations(const Finding& finding, const Skill& skill) {
  std::vector<SourceLocation> locations;
  for (const Citation& citation : finding.evidence) {
    const Source& cited = citation.source;
    const bool is_step = cited.file == BundleFile::Execution;
    if (cited.file != BundleFile::Skill && !is_step) continue;
    const SkillFile* file = file_shown_as(skill.files, cited.id);
    int line = cited.line;
    // A step is named after its place, as "SKILL.md:12", which may also be the name of a file.
    if (file == nullptr && is_step) {
      const auto [name, number] = without_line(cited.id);
      file = file_shown_as(skill.files, name);
      line = number;
    }
    if (file == nullptr) continue;
    SourceLocation location{file->path, line};
    if (std::find(locations.begin(), locations.end(), location) == locations.end())
      locations.push_back(std::move(location));
  }
  return locations;
}

}  // namespace skillaudit
