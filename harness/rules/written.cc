#include "harness/rules/written.h"

#include <algorithm>

namespace skillaudit {

std::map<std::string_view, Written> written_in(const RuleInput& input,
                                               std::initializer_list<Place> places) {
  const auto is_one = [&](Place place) {
    return std::find(places.begin(), places.end(), place) != places.end();
  };
  std::map<std::string_view, Written> found;
  for (const FileChange& change : input.changes.files) {
    if (!is_one(input.place(change)) || comes_with_package(input, change)) continue;
    if (change.origin != Origin::Skill && change.origin != Origin::Package) continue;
    const FileEntry& entry = change.kind == ChangeKind::Deleted ? change.before : change.after;
    if (entry.type == FileType::Directory) continue;
    if (change.kind == ChangeKind::Modified && !change.content_changed()) continue;
    found[change.path()].file = &change;
  }
  for (const ConfigDiff& diff : input.changes.config) {
    if (is_one(input.place(diff.path)) && !comes_with_package(input, diff.path))
      found[diff.path].diff = &diff;
  }
  return found;
}

Offender offender_of(std::string_view path, const Written& written) {
  Offender offender;
  offender.words.what = quoted(path);
  if (written.file != nullptr) offender.evidence.push_back(cite_file(*written.file));
  if (written.diff != nullptr)
    offender.evidence.push_back(
        cite(source::after(Table::Config),
             "changed " + written.diff->path + ": " + written.diff->unified));
  return offender;
}

}  // namespace skillaudit
