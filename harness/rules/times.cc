// Files whose content says another thing than their times.
#include <algorithm>

#include "harness/rules/rule_code.h"
#include "harness/rules/rules.h"

namespace skillaudit {
namespace {

constexpr std::string_view kTimesForged = "evasion.times-forged";
constexpr std::string_view kBelowFileSystem = "tampering.below-file-system";

/// What shows that the content is another one, whatever the times say.
bool has_other_content(const RuleInput& input, const FileChange& change) {
  if (change.before.size != change.after.size || change.content == Content::Other) return true;
  return std::any_of(input.changes.config.begin(), input.changes.config.end(),
                     [&](const ConfigDiff& diff) {
                       return diff.kind == ChangeKind::Modified && diff.path == change.path();
                     });
}

/// No file system changes a file's content and leaves the time of its last change (inode(7)).
void below_file_system(const RuleInput& input, Drafts& drafts) {
  std::vector<Offender> offenders;
  std::size_t unlisted = 0;
  for (const FileChange& change : input.changes.files) {
    const bool silent = change.kind == ChangeKind::Modified && change.content == Content::Other &&
                        change.after.ctime_ns == change.before.ctime_ns;
    if (!silent) continue;
    if (offenders.size() == kMostListed) {
      ++unlisted;
      continue;
    }
    Offender offender;
    offender.words.what = as_code(change.path());
    offender.evidence.push_back(
        cite(source::after(Table::Files),
             change.path() + ": other content (SHA-256 " + change.sha256.substr(0, 16) +
                 "…), and the time of its last change is from before the run"));
    offenders.push_back(std::move(offender));
  }
  drafts.add_each(kBelowFileSystem, offenders, unlisted);
}

/// Writing sets both times of a file (inode(7)); only the time of its content can be put back.
void times_rules(const RuleInput& input, Drafts& drafts) {
  below_file_system(input, drafts);
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

RuleCode times_code() { return {{kTimesForged, kBelowFileSystem}, times_rules}; }

}  // namespace skillaudit
