#include <fmt/core.h>

#include <algorithm>

#include "harness/rules/rule_code.h"
#include "harness/rules/trace_rules.h"
#include "harness/rules/trace_words.h"

namespace skillaudit {
namespace {

constexpr std::string_view kEscalation = "privilege.escalation";
constexpr std::string_view kSetuid = "permissions.setuid";
constexpr std::string_view kSetuidRoot = "permissions.setuid-root";
constexpr std::string_view kCapability = "privilege.capability";

void escalation(const RuleInput& input, const Rights& rights, Drafts& drafts) {
  Offenders found;
  for (const std::size_t i : rights.escalations()) {
    const TraceEvent& event = input.processes.events()[i];
    const std::string who = who_did(input, i);
    Offender* offender = found.at(who);
    if (offender == nullptr) continue;
    offender->words.what = who;
    const bool by_exec = event.kind == TraceKind::Exec && event.uid != 0;
    Offenders::add(
        offender,
        cite_event(
            input, i,
            by_exec
                ? fmt::format("ran as root (user {}) through {}, which was not setuid root before",
                              event.uid, event.program)
                : fmt::format(
                      "was root (user {}, effective {}), but no system program made it root",
                      event.uid, event.effective_uid)));
  }
  found.report(kEscalation, drafts);
}

bool is_folder(const RuleInput& input, const std::string& path) {
  if (const FileChange* change = change_at(input, path))
    return (change->kind == ChangeKind::Deleted ? change->before : change->after).type ==
           FileType::Directory;
  const FileEntry* entry = entry_before(input, path);
  return entry != nullptr && entry->type == FileType::Directory;
}

/// dpkg unpacks beside the final name, and sets the bits there.
std::string_view final_name(std::string_view path) {
  for (const std::string_view suffix : {".dpkg-new", ".dpkg-tmp"})
    if (path.ends_with(suffix)) return path.substr(0, path.size() - suffix.size());
  return path;
}

/// What has the bit in the end is known from the comparison of the two states.
bool is_known_at_end(const RuleInput& input, const std::string& path) {
  const auto& setuid = input.changes.new_setuid;
  const std::string_view name = final_name(path);
  if (std::any_of(setuid.begin(), setuid.end(),
                  [&](const FileEntry& entry) { return entry.path == name; }))
    return true;
  // It had the bit before, and may have been given it again.
  const FileEntry* before = entry_before(input, name);
  return before != nullptr && (before->mode & 06000) != 0;
}

/// Whether the states show which attributes files have: then attributes.cc finds capabilities.
bool knows_attributes(const RuleInput& input) {
  const std::vector<Table>& missing = input.evidence.after.missing;
  return std::find(missing.begin(), missing.end(), Table::Attributes) == missing.end();
}

/// Which attribute was set is in no record. Those of the namespace `security` are for root alone
/// (xattr(7)), who sets hardly another one; access lists have tools of their own.
bool gives_capabilities(const RuleInput& input, const Rights& rights, std::size_t event) {
  const TraceEvent& set = input.processes.events()[event];
  if (set.effective_uid != 0 || rights.of_package_manager(event)) return false;
  const std::string_view tool = base_name(set.program);
  return !((tool == "setfacl" || tool == "chacl") && is_own_program(input, set.program));
}

void set_id(const RuleInput& input, const Rights& rights, Drafts& drafts) {
  Offenders setuid, setuid_root, capabilities;
  for (const std::uint32_t i : input.processes.of_kind(TraceKind::SetId)) {
    const TraceEvent& event = input.processes.events()[i];
    if (!event.success || !input.processes.of_skill(i)) continue;
    const std::string path = event.paths.empty() ? std::string() : event.paths.back();
    if (!path.empty() && comes_with_package(input, final_name(path))) continue;
    if (event.syscall.find("xattr") != std::string::npos) {
      if (knows_attributes(input) || !gives_capabilities(input, rights, i)) continue;
      Offender* offender = capabilities.at(path);
      if (offender == nullptr) continue;
      offender->words.what = as_code(path.empty() ? "an open file" : path);
      Offenders::add(offender, cite_event(input, i, "gave capabilities to " + path));
      continue;
    }
    // A file that was named by its descriptor alone is one of those that have the bit at the end,
    // or of a package that was unpacked.
    if (path.empty() && (rights.of_package_manager(i) || !input.changes.new_setuid.empty()))
      continue;
    if (!path.empty() && (is_known_at_end(input, path) || is_folder(input, path))) continue;
    const bool by_root = event.effective_uid == 0;
    Offender* offender = (by_root ? setuid_root : setuid).at(path);
    if (offender == nullptr) continue;
    offender->words.what =
        as_code(path.empty() ? "an open file" : path) + " (undone before the end)";
    Offenders::add(offender, cite_event(input, i, "set the setuid or setgid bit of " + path));
  }
  setuid.report(kSetuid, drafts);
  setuid_root.report(kSetuidRoot, drafts);
  capabilities.report(kCapability, drafts);
}

void trace_privilege_rules(const RuleInput& input, Drafts& drafts) {
  if (input.rights == nullptr) return;
  const Rights& rights = *input.rights;
  escalation(input, rights, drafts);
  set_id(input, rights, drafts);
}

}  // namespace

RuleCode trace_privilege_code() {
  return {{kEscalation, kSetuid, kSetuidRoot, kCapability}, trace_privilege_rules};
}

}  // namespace skillaudit
