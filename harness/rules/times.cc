// Files whose content says another thing than their times.
#include <algorithm>

#include "harness/rules/rule_code.h"
#include "harness/rules/rules.h"

namespace skillaudit {
namespace {

constexpr std::string_view kTimesForged = "evasion.times-forged";

/// What shows that the content is another one, whatever the times say.
bool has_other_content(const RuleInput& input, const FileChange& change) {
  if (change.before.size != change.after.size) return true;
  return std::any_of(input.changes.config.begin(), input.changes.config.end(),
                     [&](const ConfigDiff& diff) {
                       return diff.kind == ChangeKind::Modified && diff.path == change.path();
                     });
}

/// Writing sets both times of a file (inode(7)); only the time of its content can be put back.
void times_rules(const RuleInput& input, Drafts& drafts) {
  std::vector<Offender> offenders;
  std::size_t unlisted = 0;
  for (const FileChange& change : input.changes.files) {
    if (change.kind != ChangeKind::Modified || change.origin != Origin::Skill) continue;
    if (change.before.type != FileType::Regular || change.after.type != FileType::Regular) continue;
    const bool put_back = change.after.ctime_ns > change.before.ctime_ns &&
                          change.after.mtime_ns <= change.before.mtime_ns;
    if (!put_back || !has_other_content(input, change)) continue;
    if (offenders.size() == kMostListed) {
      ++unlisted;
      continue;
    }
    Offender offender;
    offender.words.what = as_code(change.path());
    offender.evidence.push_back(cite_file(change));
    offender.evidence.push_back(
        cite(source::after(Table::Files),
             change.path() + (change.after.mtime_ns == change.before.mtime_ns
                                  ? ": modification time as before the run"
                                  : ": modification time older than before the run")));
    offenders.push_back(std::move(offender));
  }
  drafts.add_each(kTimesForged, offenders, unlisted);
}

}  // namespace

RuleCode times_code() { return {{kTimesForged}, times_rules}; }

}  // namespace skillaudit
