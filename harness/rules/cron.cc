#include <algorithm>

#include "harness/rules/rules.h"

namespace skillaudit {
namespace {

std::string describe(const CronEntry& entry) {
  return entry.source + (entry.user.empty() ? "" : " (user " + entry.user + ")") + ": " +
         entry.line;
}

bool is_comment(const CronEntry& entry) {
  const std::size_t first = entry.line.find_first_not_of(" \t");
  return first == std::string::npos || entry.line[first] == '#';
}

}  // namespace

void cron_rules(const RuleInput& input, Drafts& drafts) {
  std::vector<Offender> added;
  std::vector<Offender> changed;
  for (const RowChange<CronEntry>& change : input.changes.cron) {
    const CronEntry& entry = change.kind == ChangeKind::Deleted ? change.before : change.after;
    if (is_comment(entry) || comes_with_package(input, entry.source)) continue;
    // A script in cron.daily and its like is a file that a package may own itself.
    if (comes_with_package(input, entry.source + "/" + entry.line)) continue;
    Offender offender;
    offender.words.what = quoted(entry.line);
    if (change.kind != ChangeKind::Added) {
      offender.evidence.push_back(cite(source::before(Table::Cron), describe(change.before)));
    }
    if (change.kind != ChangeKind::Deleted) {
      offender.evidence.push_back(cite(source::after(Table::Cron), describe(change.after)));
    }
    if (change.kind == ChangeKind::Added) {
      if (input.excusable(RuleId::CronAdded, Excuse::Cron) && input.documented.cron()) continue;
      added.push_back(std::move(offender));
    } else {
      changed.push_back(std::move(offender));
    }
  }
  drafts.add_each(RuleId::CronAdded, added);
  drafts.add_each(RuleId::CronExistingChanged, changed);
}

}  // namespace skillaudit
