#include "reports/checks.h"

#include <fmt/core.h>

#include <algorithm>
#include <functional>
#include <string_view>

#include "harness/analysis/gaps.h"
#include "harness/base/text.h"
#include "harness/changes/locations.h"
#include "reports/claims.h"
#include "reports/facts.h"
#include "reports/overview.h"

namespace skillaudit {
namespace {

constexpr std::size_t kMostItems = 20;

/// What happened and is no finding: the first items and how many there are. Looked for only where
/// there is no finding.
struct Harmless {
  std::vector<CheckItem> items;
  std::size_t count = 0;

  Harmless() = default;
  explicit(false) Harmless(std::vector<CheckItem> all)
      : items(std::move(all)), count(items.size()) {
    items.resize(std::min(items.size(), kMostItems));
  }
};

bool is_open(const Evidence& evidence, const Claim& claim) {
  // That nothing happened tells nothing where nothing could.
  if (!something_ran(evidence.execution)) return true;
  return std::any_of(claim.seen_by.begin(), claim.seen_by.end(), [&](const Witness& witness) {
    return std::visit([&](auto each) { return !is_observed(evidence, each); }, witness);
  });
}

Check check(const Evidence& evidence, const Assessment& assessment, ReportSection section,
            const std::function<Harmless()>& list_harmless = {}) {
  const Claim& claim = claim_of(section);
  Check result;
  bool grave = false;
  for (const Finding* finding : findings_of(assessment, section)) {
    grave = grave || finding->severity >= Severity::High;
    if (result.items.size() < kMostItems) result.items.push_back({finding->title});
  }
  if (!result.items.empty()) {
    result.outcome = grave ? CheckOutcome::Grave : CheckOutcome::Warning;
    result.text = claim.something;
  } else if (is_open(evidence, claim)) {
    result.outcome = CheckOutcome::NotObserved;
    result.text = claim.unobserved;
  } else if (Harmless harmless = list_harmless ? list_harmless() : Harmless(); harmless.count > 0) {
    result.outcome = CheckOutcome::Note;
    result.text = std::string(claim.something) + ", documented or from a package";
    result.items = std::move(harmless.items);
    if (harmless.count > result.items.size())
      result.items.push_back({fmt::format("and {} more", harmless.count - result.items.size())});
  } else {
    result.outcome = CheckOutcome::Fine;
    result.text = claim.nothing;
  }
  return result;
}

CheckItem name(std::string_view raw) {
  return {shorten(printable(raw.substr(0, 2000)), 300), true};
}

std::vector<CheckItem> new_units(const Changes& changes) {
  std::vector<CheckItem> names;
  for (const RowChange<Unit>& change : changes.units) {
    const bool enabled = change.kind == ChangeKind::Modified &&
                         change.before.unit_file_state != change.after.unit_file_state;
    const bool added = change.kind == ChangeKind::Added && !change.after.unit_file_state.empty();
    if (added || enabled) names.push_back(name(change.after.id));
  }
  return names;
}

std::vector<CheckItem> new_cron(const Changes& changes) {
  std::vector<CheckItem> lines;
  for (const RowChange<CronEntry>& change : changes.cron) {
    if (change.kind == ChangeKind::Added && !trim(change.after.line).starts_with("#")) {
      lines.push_back(name(change.after.line));
    }
  }
  return lines;
}

std::vector<CheckItem> changed_accounts(const Changes& changes) {
  std::vector<CheckItem> names;
  for (const RowChange<User>& change : changes.users)
    names.push_back(
        name(change.kind == ChangeKind::Deleted ? change.before.username : change.after.username));
  return names;
}

std::vector<CheckItem> new_mounts(const Changes& changes) {
  std::vector<CheckItem> paths;
  for (const RowChange<Mount>& change : changes.mounts)
    if (change.kind == ChangeKind::Added) paths.push_back(name(change.after.path));
  return paths;
}

/// Whether a path can be of the place at all, by what each that is has in it: place_of() asks more
/// of a path than there is time for when a million changed.
bool may_be(Place place, std::string_view path) {
  if (place == Place::Temp) return path.starts_with("/tmp/") || path.starts_with("/var/tmp/");
  if (place == Place::ShellStartup) return path.find("/.") != std::string_view::npos;
  return true;
}

Harmless changed_at(const Evidence& evidence, const Changes& changes, Place place) {
  Harmless paths;
  for (const FileChange& change : changes.files) {
    if (change.origin != Origin::Skill || !may_be(place, change.path()) ||
        place_of(change.path(), evidence.environment.guest_home, evidence.environment.skill_dir) !=
            place) {
      continue;
    }
    if (++paths.count <= kMostItems) paths.items.push_back(name(change.path()));
  }
  return paths;
}

Check temp_files(const Evidence& evidence, const Assessment& assessment) {
  return check(evidence, assessment, ReportSection::TemporaryFiles,
               [&] { return changed_at(evidence, assessment.changes, Place::Temp); });
}

/// "All operations within user home directory", as far as files tell.
Check outside_home(const Evidence& evidence, const Assessment& assessment) {
  Check result;
  if (!is_observed(evidence, Table::Files) || !something_ran(evidence.execution)) {
    return {CheckOutcome::NotObserved, "Files outside the user's home: not observed", {}};
  }
  std::size_t more = 0;
  for (const FileChange& change : assessment.changes.files) {
    const std::string& path = change.path();
    const bool inside = is_below(path, evidence.environment.guest_home) ||
                        path == evidence.environment.guest_home || is_below(path, "/tmp") ||
                        is_below(path, "/var/tmp");
    if (change.origin != Origin::Skill || inside) continue;
    if (result.items.size() == kMostItems) {
      ++more;
    } else {
      result.items.push_back(name(path));
    }
  }
  if (more > 0) result.items.push_back({fmt::format("and {} more", more)});
  result.outcome = result.items.empty() ? CheckOutcome::Fine : CheckOutcome::Warning;
  result.text = result.items.empty()
                    ? "All files that the skill changed are in the user's home or in /tmp"
                    : "The skill changed files outside the user's home and /tmp";
  return result;
}

Check credentials(const Evidence& evidence, const Assessment& assessment) {
  if (evidence.decoys.empty() && findings_of(assessment, ReportSection::CredentialsSent).empty()) {
    return {CheckOutcome::NotObserved,
            "Credentials sent out: not observed, the guest held no decoys",
            {}};
  }
  Check result = check(evidence, assessment, ReportSection::CredentialsSent);
  const Wire& wire = evidence.wire;
  if (result.outcome == CheckOutcome::Fine && evidence.flows.empty() && wire.contacts.empty() &&
      wire.names.empty())
    return {CheckOutcome::NotObserved,
            "Credentials sent out: nothing was sent, so there was nothing to look into",
            {}};
  return result;
}

/// Whether the trace is there from its beginning to its end: a part of one shows what happened, and
/// not that nothing did.
bool is_whole(const Trace& trace) {
  return trace.collected && trace.silenced.empty() && trace.gaps.empty() && trace.lost == 0 &&
         trace.dropped_bytes == 0 && trace.omitted == 0;
}

/// What the trace alone can tell.
Check by_trace(const Evidence& evidence, const Assessment& assessment, ReportSection section) {
  Check result = check(evidence, assessment, section);
  const bool has_trace = is_whole(evidence.trace) && something_ran(evidence.execution);
  if (!has_trace && result.items.empty())
    return {CheckOutcome::NotObserved, std::string(claim_of(section).unobserved), {}};
  return result;
}

/// Whether the machine comes up again: looked at where the run changed what a boot reads.
Check boot(const Evidence& evidence, const Assessment& assessment) {
  const BootCheck& boot = evidence.boot;
  Check result = check(evidence, assessment, ReportSection::Boot);
  if (!result.items.empty() || result.outcome == CheckOutcome::NotObserved || boot.because.empty())
    return result;
  if (boot.came_up) return {CheckOutcome::Fine, "The VM booted after the run", {}};
  return {CheckOutcome::NotObserved,
          "Files that are read at boot were changed, and the next boot was not observed",
          {}};
}

Check network(const Evidence& evidence, const Assessment& assessment) {
  return check(evidence, assessment, ReportSection::Network);
}

/// Those that the system ships are loaded as it needs them.
Check kernel_modules(const Evidence& evidence, const Assessment& assessment) {
  std::vector<CheckItem> modules;
  for (const RowChange<std::string>& change : assessment.changes.kernel_modules) {
    if (change.kind == ChangeKind::Added) modules.push_back(name(change.after));
  }
  Check result = check(evidence, assessment, ReportSection::Kernel);
  if (result.outcome == CheckOutcome::Fine && !modules.empty()) {
    result = {CheckOutcome::Note, "Kernel modules that belong to the system were loaded",
              std::move(modules)};
  }
  return result;
}

}  // namespace

std::vector<Check> system_checks(const Evidence& evidence, const Assessment& assessment) {
  const Changes& changes = assessment.changes;
  std::vector<Check> checks;
  checks.push_back(
      check(evidence, assessment, ReportSection::Services, [&] { return new_units(changes); }));
  checks.push_back(
      check(evidence, assessment, ReportSection::Cron, [&] { return new_cron(changes); }));
  checks.push_back(check(evidence, assessment, ReportSection::Environment,
                         [&] { return changed_at(evidence, changes, Place::ShellStartup); }));
  checks.push_back(check(evidence, assessment, ReportSection::Accounts,
                         [&] { return changed_accounts(changes); }));
  checks.push_back(
      check(evidence, assessment, ReportSection::Mounts, [&] { return new_mounts(changes); }));
  checks.push_back(kernel_modules(evidence, assessment));
  checks.push_back(temp_files(evidence, assessment));
  return checks;
}

std::vector<Check> security_checks(const Evidence& evidence, const Assessment& assessment) {
  std::vector<Check> checks;
  checks.push_back(credentials(evidence, assessment));
  checks.push_back(by_trace(evidence, assessment, ReportSection::CredentialsRead));
  checks.push_back(by_trace(evidence, assessment, ReportSection::Evasion));
  checks.push_back(check(evidence, assessment, ReportSection::RootAccess));
  checks.push_back(network(evidence, assessment));
  checks.push_back(check(evidence, assessment, ReportSection::Persistence));
  checks.push_back(check(evidence, assessment, ReportSection::Protection));
  checks.push_back(check(evidence, assessment, ReportSection::Traces));
  checks.push_back(check(evidence, assessment, ReportSection::Agents));
  checks.push_back(boot(evidence, assessment));
  checks.push_back(outside_home(evidence, assessment));
  return checks;
}

std::vector<std::string> not_seen(const Evidence& evidence, const Assessment& assessment) {
  std::vector<std::string> sentences;
  for (Gap& gap : all_gaps(evidence, assessment)) sentences.push_back(std::move(gap.text));
  if (evidence.trace.collected) {
    sentences.emplace_back(
        "Files that the skill read, except credentials, documents of the home and files that "
        "identify "
        "the machine; files "
        "that it wrote and removed again, except in autostart locations.");
  } else {
    sentences.emplace_back(
        "Files that the skill read, and files that it wrote and removed again while it ran.");
    sentences.emplace_back("Processes that ended before the skill did.");
  }
  return sentences;
}

}  // namespace skillaudit
