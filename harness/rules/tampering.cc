#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>

#include "harness/base/text.h"
#include "harness/rules/rule_code.h"
#include "harness/rules/rules.h"

namespace skillaudit {
namespace {

constexpr std::string_view kLogCleared = "tampering.log-cleared";
constexpr std::string_view kFileHidden = "tampering.file-hidden";
constexpr std::string_view kProcessHidden = "tampering.process-hidden";
constexpr std::string_view kWitnessSilenced = "tampering.witness-silenced";

/// Whether `path` was rotated rather than cleared: logrotate keeps what was in it beside it.
bool was_rotated(const RuleInput& input, const std::string& path) {
  const auto& files = input.changes.files;
  const std::string prefix = path + ".";
  auto next = std::lower_bound(
      files.begin(), files.end(), prefix,
      [](const FileChange& change, const std::string& wanted) { return change.path() < wanted; });
  for (; next != files.end() && next->path().starts_with(prefix); ++next) {
    const char after = next->path()[prefix.size()];
    if (next->kind != ChangeKind::Deleted && after >= '0' && after <= '9') return true;
  }
  return false;
}

/// A log only grows. lastlog is a table, the journal's files are allocated ahead, those with an "@"
/// are vacuumed when it grows, and wtmp's kin never shrink but by rotation.
bool is_log(const RuleInput& input, const FileChange& change) {
  const std::string& path = change.path();
  return input.place(change) == Place::Log && change.before.type == FileType::Regular &&
         path != "/var/log/lastlog" &&
         (!path.starts_with("/var/log/journal/") ||
          (change.kind == ChangeKind::Deleted && path.find('@') == std::string::npos));
}

bool is_witness(const std::string& unit) {
  static constexpr std::array<std::string_view, 4> kWitnesses = {
      "auditd.service", "systemd-journald.service", "rsyslog.service", "syslog.service"};
  return std::find(kWitnesses.begin(), kWitnesses.end(), unit) != kWitnesses.end();
}

/// Files that are on the disk, and that the guest does not show or shows as something else.
std::vector<Offender> hidden_files(const Evidence& evidence) {
  std::vector<Offender> hidden;
  for (const std::string& path : evidence.guest_view.asked) {
    const FileEntry* on_disk = find_file(evidence.after.files, path);
    const FileEntry* shown = find_file(evidence.guest_view.seen, path);
    if (!on_disk || (shown && shown->type == on_disk->type)) continue;
    Offender offender;
    offender.words.what = as_code(path);
    offender.evidence.push_back(cite(source::after(Table::Files), path + ": on the disk"));
    offender.evidence.push_back(
        cite(source::guest_view(),
             path + (shown ? ": has a different type" : ": not shown by the guest")));
    hidden.push_back(std::move(offender));
  }
  return hidden;
}

/// Processes that are there, and that those who look do not see.
std::vector<Offender> hidden_processes(const Evidence& evidence) {
  std::vector<Offender> hidden;
  for (const ProcessEntry& process : evidence.after.processes) {
    if (!process.hidden || hidden.size() == kMostListed) continue;
    const std::string words = join(process.command_line, " ");
    const std::string shown = !words.empty()         ? words
                              : process.path.empty() ? process.name
                                                     : process.path;
    Offender offender;
    offender.words.what = fmt::format("pid {}{}{}", process.pid, shown.empty() ? "" : " ",
                                      shown.empty() ? "" : as_code(shown));
    offender.evidence.push_back(
        cite(source::after(Table::Processes),
             fmt::format("pid {} is alive, and {}", process.pid,
                         process.start_time == 0 ? "the kernel lists it nowhere"
                                                 : "/proc does not show it: " + shown)));
    hidden.push_back(std::move(offender));
  }
  return hidden;
}

void cleared_logs(const RuleInput& input, Drafts& drafts) {
  std::vector<Offender> cleared;
  std::size_t unlisted = 0;
  for (const FileChange& change : input.changes.files) {
    if (!is_log(input, change) || change.kind == ChangeKind::Added) continue;
    const bool shrunk =
        change.kind == ChangeKind::Modified &&
        (change.after.type != FileType::Regular || change.after.size < change.before.size);
    const bool gone = change.kind == ChangeKind::Deleted;
    if (!shrunk && !gone) continue;
    const bool in_control = std::find(input.evidence.control.begin(), input.evidence.control.end(),
                                      change.path()) != input.evidence.control.end();
    // What an idle guest writes to is not what it throws away.
    const bool journal = gone && change.path().starts_with("/var/log/journal/");
    if ((in_control && !journal) || was_rotated(input, change.path())) continue;
    // Rotation deletes the eldest: x.log.4.gz.
    const std::string_view name = base_name(change.path());
    if (gone && (name.ends_with(".gz") || (name.back() >= '0' && name.back() <= '9'))) continue;
    if (cleared.size() == kMostListed) {
      ++unlisted;
      continue;
    }
    Offender offender;
    offender.words.what = as_code(change.path());
    offender.evidence.push_back(cite_file(change));
    cleared.push_back(std::move(offender));
  }
  drafts.add_each(kLogCleared, cleared, unlisted);
}

/// Those who record what happens, and were stopped.
void silenced_witnesses(const RuleInput& input, Drafts& drafts) {
  std::map<std::string, Offender> silenced;
  for (const RowChange<Unit>& change : input.changes.units) {
    if (change.kind == ChangeKind::Added || !is_witness(change.before.id)) continue;
    const bool stopped =
        change.before.active_state == "active" &&
        (change.kind == ChangeKind::Deleted || change.after.active_state != "active" ||
         change.after.unit_file_state == "masked" ||
         change.after.unit_file_state == "masked-runtime");
    if (!stopped) continue;
    Offender& offender = silenced[change.before.id];
    offender.words.what = as_code(change.before.id);
    offender.evidence.push_back(
        cite(change.kind == ChangeKind::Deleted ? source::before(Table::Units)
                                                : source::after(Table::Units),
             change.before.id + ": was " + change.before.active_state + ", is " +
                 (change.kind == ChangeKind::Deleted
                      ? "gone"
                      : change.after.active_state + " and " + change.after.unit_file_state)));
  }
  std::vector<Offender> all;
  for (const auto& [id, offender] : silenced) all.push_back(offender);
  if (input.evidence.witness_lost) {
    Offender offender;
    offender.words.what = "the audit's monitoring program in the guest";
    offender.evidence.push_back(
        cite(source::audit(), "witness_lost: it was not running after the run"));
    all.push_back(std::move(offender));
  }
  drafts.add_each(kWitnessSilenced, all);
}

void tampering_rules(const RuleInput& input, Drafts& drafts) {
  cleared_logs(input, drafts);
  drafts.add_each(kFileHidden, hidden_files(input.evidence));
  drafts.add_each(kProcessHidden, hidden_processes(input.evidence));
  silenced_witnesses(input, drafts);
}

}  // namespace

RuleCode tampering_code() {
  return {{kLogCleared, kFileHidden, kProcessHidden, kWitnessSilenced}, tampering_rules};
}

}  // namespace skillaudit
