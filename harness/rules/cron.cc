#include <algorithm>

#include "harness/rules/effect.h"

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

void cron_effects(const RuleInput& input, Found& found) {
  for (const RowChange<CronEntry>& change : input.changes.cron) {
    const CronEntry& entry = change.kind == ChangeKind::Deleted ? change.before : change.after;
    if (is_comment(entry) || comes_with_package(input, entry.source)) continue;
    // A script in cron.daily and its like is a file that a package may own itself.
    if (comes_with_package(input, entry.source + "/" + entry.line)) continue;
    const auto describe_it = [&] {
      Offender offender;
      offender.words.what = as_code(entry.line);
      if (change.kind != ChangeKind::Added) {
        offender.evidence.push_back(cite(source::before(Table::Cron), describe(change.before)));
      }
      if (change.kind != ChangeKind::Deleted) {
        offender.evidence.push_back(cite(source::after(Table::Cron), describe(change.after)));
      }
      return offender;
    };
    const Verb verb = change.kind == ChangeKind::Added      ? Verb::Create
                      : change.kind == ChangeKind::Modified ? Verb::Modify
                                                            : Verb::Delete;
    found.add({.verb = verb,
               .object = ObjectKind::CronJob,
               .name = entry.line,
               .takes_root = entry.user == "root" || entry.source.starts_with("/etc/cron."),
               .named =
                   [&](EffectClass) {
                     return entry.line.find_first_of(" \t") == std::string::npos
                                ? input.consent.covers(
                                      Verb::Stay,
                                      ConsentObject::path(entry.source + "/" + entry.line))
                                : input.consent.covers(Verb::Stay,
                                                       ConsentObject::cron(command_of_cron(entry)));
                   }},
              describe_it);
  }
}

}  // namespace skillaudit
