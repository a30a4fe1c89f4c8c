// Extended attributes and flags of files, which no listing shows.
#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "harness/changes/changes_rows.h"
#include "harness/rules/rule_code.h"
#include "harness/rules/rules.h"
#include "harness/rules/trace_words.h"

namespace skillaudit {
namespace {

constexpr std::string_view kChanged = "files.attribute-changed";
constexpr std::string_view kImmutable = "permissions.immutable";
constexpr std::string_view kCapability = "privilege.capability";

constexpr std::string_view kFlags = "flags";
constexpr std::string_view kCapabilities = "security.capability";

/// Attributes that others keep for themselves: the journal its times, security modules their
/// labels. Access lists are judged by the mode, which grows with them.
bool is_upkeep(const RuleInput& input, const FileAttribute& row) {
  return input.place(row.path) == Place::Log || row.name.starts_with("system.posix_acl") ||
         row.name == "security.selinux" || row.name == "security.ima" ||
         row.name == "security.evm" || row.name == "trusted.invocation_id" ||
         is_below(row.path, "/run/systemd") || is_below(row.path, "/sys");
}

/// A file that is not there before or after, or that somebody else changed, is not the skill's.
bool is_of_skill(const RuleInput& input, const std::string& path) {
  const FileChange* change = change_at(input, path);
  return change == nullptr || change->origin == Origin::Skill;
}

void add(Offenders& found, const std::string& path, const std::string& what) {
  Offender* offender = found.at(path);
  if (offender == nullptr) return;
  offender->words.what = as_code(path);
  Offenders::add(offender, cite(source::after(Table::Attributes), what));
}

void attribute_rules(const RuleInput& input, Drafts& drafts) {
  Offenders changed, immutable, capable;
  const auto changes =
      compare_rows(input.evidence.before.attributes, input.evidence.after.attributes,
                   [](const FileAttribute& row) { return std::tie(row.path, row.name); });
  for (const RowChange<FileAttribute>& change : changes) {
    const bool gone = change.kind == ChangeKind::Deleted;
    const FileAttribute& row = gone ? change.before : change.after;
    if (is_upkeep(input, row) || !is_of_skill(input, row.path)) continue;
    const std::string what =
        fmt::format("{}: {} {}", row.path, row.name, gone ? "was removed" : "was set");
    if (row.name == kFlags) {
      if (!gone) add(immutable, row.path, fmt::format("{} to {}", what, row.value));
    } else if (row.name == kCapabilities) {
      if (!gone) add(capable, row.path, what);
    } else if (find_file(input.evidence.before.files, row.path) != nullptr) {
      // What a new file carries is part of it.
      add(changed, row.path, fmt::format("{} ({} bytes)", what, row.value.size()));
    }
  }
  changed.report(kChanged, drafts);
  immutable.report(kImmutable, drafts);
  capable.report(kCapability, drafts);
}

}  // namespace

RuleCode attribute_code() { return {{kChanged, kImmutable, kCapability}, attribute_rules}; }

}  // namespace skillaudit
