#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "harness/base/text.h"
#include "harness/evidence/run_samples.h"
#include "harness/rules/rule_code.h"
#include "harness/rules/trace_rules.h"
#include "harness/rules/trace_words.h"

namespace skillaudit {
namespace {

constexpr std::string_view kLogCleared = "tampering.log-cleared";
constexpr std::string_view kWitnessSilenced = "tampering.witness-silenced";
constexpr std::string_view kEvidenceFlooded = "tampering.evidence-flooded";

/// Whether the file was rotated away rather than cleared: what was in it stands beside it.
bool was_renamed_beside(const RuleInput& input, const TraceEvent& event) {
  if (!event.syscall.starts_with("rename")) return false;
  const std::string& from = event.paths.front();
  return std::any_of(event.paths.begin() + 1, event.paths.end(),
                     [&](const std::string& to) {
                       return to.starts_with(from + ".") && to.size() > from.size() + 1 &&
                              to[from.size() + 1] >= '0' && to[from.size() + 1] <= '9';
                     }) &&
         change_at(input, from + ".1") != nullptr;
}

bool is_rotation(const RuleInput& input, std::size_t event) {
  const TraceEvent* exec = input.processes.image(event);
  return exec != nullptr && exec->program == "/usr/sbin/logrotate" &&
         is_own_program(input, exec->program);
}

/// Package managers write their own logs anew, and what a package's script prints.
bool is_of_packages(const std::string& path) {
  return path.starts_with("/var/log/apt/") || path == "/var/log/dpkg.log" ||
         path == "/var/log/alternatives.log" || path == "/var/log/fontconfig.log";
}

/// A log that the skill itself began is its own to clear; the journal's files come and go while it
/// runs, and are never its own.
bool is_own_log(const RuleInput& input, const std::string& path) {
  return entry_before(input, path) == nullptr && !path.starts_with("/var/log/journal/") &&
         input.place(path) == Place::Log;
}

/// A history is watched for each opening; whether one that was opened lost something, its size
/// tells.
bool is_history(std::string_view path) {
  return path.ends_with("_history") || path.ends_with("/.history");
}

bool takes_content(std::string_view syscall) {
  return syscall.starts_with("unlink") || syscall.starts_with("rename") ||
         syscall.starts_with("truncate") || syscall.starts_with("creat");
}

void cut_logs(const RuleInput& input, const Rights& rights, Drafts& drafts) {
  // What the disk shows to be cut is a finding of its own (tampering.cc).
  const auto is_told = [&](const std::string& path) {
    const FileChange* change = change_at(input, path);
    return change != nullptr && change->kind != ChangeKind::Added &&
           (change->kind == ChangeKind::Deleted || change->after.size < change->before.size);
  };
  Offenders found;
  for (const std::uint32_t i : input.processes.of_kind(TraceKind::LogCut)) {
    const TraceEvent& event = input.processes.events()[i];
    if (!event.success || event.paths.empty() || !input.processes.of_skill(i)) continue;
    const std::string& path = event.paths.front();
    if (is_told(path)) continue;
    if (is_history(path) && !takes_content(event.syscall)) continue;
    if (is_own_log(input, path) || is_rotation(input, i) || was_renamed_beside(input, event))
      continue;
    if (rights.of_package_manager(i) && is_of_packages(path)) continue;
    const std::string who = who_did(input, i);
    // The journal's files have names that are drawn.
    const bool journal = path.starts_with("/var/log/journal/");
    Offender* offender = found.at((journal ? "journal" : path) + '\n' + who);
    if (offender == nullptr) continue;
    offender->words.what = (journal ? "the journal" : as_code(path)) + " by " + who;
    Offenders::add(offender,
                   cite_event(input, i, fmt::format("cut {} by {}", path, event.syscall)));
  }
  found.report(kLogCleared, drafts);
}

void silencing(const RuleInput& input, Drafts& drafts) {
  const Trace& trace = input.evidence.trace;
  const std::vector<TraceEvent>& events = input.processes.events();
  Offenders found;
  if (!trace.silenced.empty()) {
    Offender* offender = found.at("silenced");
    offender->words.what = "the program that reads the kernel's trace";
    Offenders::add(offender, cite(source::trace(), trace.silenced));
  }
  for (const MachineEvent& event : input.evidence.machine.events) {
    const bool closed = event.name == "VSERPORT_CHANGE" &&
                        event.detail.find("trace") != std::string::npos &&
                        event.detail.find("closed") != std::string::npos && event.time_s >= 0 &&
                        event.time_s < end_of_run(input.evidence);
    if (!closed) continue;
    Offender* offender = found.at("silenced");
    offender->words.what = "the program that reads the kernel's trace";
    Offenders::add(offender, cite(source::machine(), fmt::format("{} {} at {:+.1f} s", event.name,
                                                                 event.detail, event.time_s)));
  }
  for (const std::uint32_t i : input.processes.of_kind(TraceKind::Kill)) {
    // A signal that did not arrive did nothing. By number, only those to the audit's own processes
    // are recorded; by descriptor, those to any.
    const bool by_descriptor = events[i].syscall.starts_with("pidfd");
    if (!events[i].success || (by_descriptor && events[i].target != trace.reader)) continue;
    if (!input.processes.of_skill(i)) continue;
    const std::string who = who_did(input, i);
    Offender* offender = found.at("kill\n" + who);
    if (offender == nullptr) continue;
    offender->words.what = "the audit's monitoring program, with " + who;
    Offenders::add(offender,
                   cite_event(input, i, "sent a signal to the process that reads the trace"));
  }
  for (const std::uint32_t i : input.processes.of_kind(TraceKind::AuditConfig)) {
    // The kernel's own record of a change names the login, and not always the process.
    constexpr std::uint32_t kNoLogin = 4294967295U;
    const bool nameless = events[i].pid == 0 && events[i].login_uid != kNoLogin;
    if (!input.processes.of_skill(i) && !nameless) continue;
    const std::string who = who_did(input, i);
    Offender* offender = found.at("audit\n" + who);
    if (offender == nullptr) continue;
    offender->words.what = "the kernel's audit, by " + who;
    Offenders::add(offender,
                   cite_event(input, i,
                              fmt::format("{} the kernel's audit: {}",
                                          events[i].success ? "changed" : "tried to change",
                                          events[i].detail)));
  }
  found.report(kWitnessSilenced, drafts);
}

void flooding(const RuleInput& input, Drafts& drafts) {
  const Trace& trace = input.evidence.trace;
  std::vector<std::string> parts;
  std::vector<Citation> evidence;
  const auto add = [&](std::uint64_t count, std::string_view singular, std::string_view plural) {
    if (count == 0) return;
    parts.push_back(std::string(plural));
    evidence.push_back(cite(source::trace(), count_of(count, singular, plural)));
  };
  // Of a trace whose reader was killed it is said already why it has gaps.
  if (trace.silenced.empty())
    add(trace.lost, "event that the kernel could not keep",
        "events that the kernel could not keep");
  add(trace.omitted, "event beyond the limit of an audit", "events beyond the limit of an audit");
  add(trace.dropped_bytes, "byte beyond the limit of a trace", "bytes beyond the limit of a trace");
  add(trace.malformed, "invalid record", "invalid records");
  if (parts.empty()) return;
  drafts.add(kEvidenceFlooded, {join(parts, ", "), "", ""}, std::move(evidence));
}

void trace_tampering_rules(const RuleInput& input, Drafts& drafts) {
  if (input.rights == nullptr) return;
  const Rights& rights = *input.rights;
  cut_logs(input, rights, drafts);
  silencing(input, drafts);
  flooding(input, drafts);
}

}  // namespace

RuleCode trace_tampering_code() {
  return {{kLogCleared, kWitnessSilenced, kEvidenceFlooded}, trace_tampering_rules};
}

}  // namespace skillaudit
