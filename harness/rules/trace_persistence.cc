// What was made to run again and taken back before anybody could compare, and code for the kernel.
#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>

#include "harness/rules/trace_rules.h"
#include "harness/rules/trace_words.h"

namespace skillaudit {
namespace {

std::optional<RuleId> rule_for(Place place) {
  switch (place) {
    case Place::UnitFile:
      return RuleId::ServicesInstalled;
    case Place::Cron:
      return RuleId::CronAdded;
    case Place::SecuritySettings:
      return RuleId::FilesSecuritySettings;
    default:
      return persistence_rule(place);
  }
}

bool is_documented(const RuleInput& input, RuleId rule, const std::string& path) {
  if (input.excusable(rule, Excuse::Path)) return input.documented.path(path);
  if (input.excusable(rule, Excuse::Service)) return input.documented.service(base_name(path));
  return input.excusable(rule, Excuse::Cron) && input.documented.cron();
}

/// Names under which editors, crontab, systemctl, visudo and dpkg write before they rename.
bool looks_unfinished(std::string_view name) {
  if (name.starts_with(".") || name.starts_with("tmp.") || name.starts_with("sed")) return true;
  for (const std::string_view end :
       {".tmp", "~", ".dpkg-new", ".dpkg-tmp", ".swp", ".new", "+", ".lock"})
    if (name.ends_with(end)) return true;
  return false;
}

/// Whether something in the same folder did change: what was written first under another name.
bool is_of_a_change(const RuleInput& input, const std::string& path) {
  if (!looks_unfinished(base_name(path))) return false;
  const std::string folder = std::string(parent_of(path)) + "/";
  const auto& files = input.changes.files;
  const auto first = std::lower_bound(
      files.begin(), files.end(), folder,
      [](const FileChange& change, const std::string& wanted) { return change.path() < wanted; });
  return first != files.end() && first->path().starts_with(folder);
}

/// The text of a file that its size and times do not betray is judged with it.
bool has_diff(const RuleInput& input, const std::string& path) {
  return std::any_of(input.changes.config.begin(), input.changes.config.end(),
                     [&](const ConfigDiff& diff) { return diff.path == path; });
}

/// Of a rename the last one is what the place is called now. What was named relative to an open
/// folder stands after that folder.
std::string place_changed(const TraceEvent& event) {
  const std::string& last = event.paths.back();
  const std::string& first = event.paths.front();
  if (last.starts_with('/')) return last;
  if (base_name(first) == base_name(last)) return first;
  return fmt::format("{}/{}", first, last);
}

void undone(const RuleInput& input, const Rights& rights, Drafts& drafts) {
  std::map<RuleId, Offenders> found;
  std::map<std::string, bool, std::less<>> judged;  // whether the path is none of ours
  for (const std::uint32_t i : input.processes.of_kind(TraceKind::Persist)) {
    const TraceEvent& event = input.processes.events()[i];
    if (!event.success || event.paths.empty() || !input.processes.of_skill(i)) continue;
    const std::string path = place_changed(event);
    const auto rule = rule_for(input.place(path));
    if (!rule || rights.of_package_manager(i)) continue;
    constexpr std::size_t kMostJudged = 10000;
    auto known = judged.find(path);
    if (known == judged.end()) {
      const bool skip = change_at(input, path) != nullptr || has_diff(input, path) ||
                        is_of_a_change(input, path) || is_documented(input, *rule, path);
      if (judged.size() >= kMostJudged) judged.clear();
      known = judged.emplace(path, skip).first;
    }
    if (known->second) continue;
    const FileEntry* before = entry_before(input, path);
    if (before != nullptr && before->type == FileType::Directory) continue;
    Offender* offender = found[*rule].at(path);
    if (offender == nullptr) continue;
    offender->words.what = quoted(path) + " (undone before the end)";
    Offenders::add(offender,
                   cite_event(input, i, fmt::format("changed {} by {}", path, event.syscall)));
  }
  for (const auto& [rule, offenders] : found) offenders.report(rule, drafts);
}

/// modprobe takes a module by its name, from where the system keeps them.
bool is_own_module(const RuleInput& input, std::size_t event) {
  const TraceEvent* exec = input.processes.image(event);
  if (exec == nullptr || !is_own_program(input, exec->program) || exec->arguments.empty())
    return false;
  if (base_name(exec->program) != "kmod" && base_name(exec->program) != "modprobe") return false;
  if (base_name(exec->arguments[0]) != "modprobe") return false;
  const bool by_name =
      std::none_of(exec->arguments.begin() + 1, exec->arguments.end(), [](const std::string& word) {
        return word.find('/') != std::string::npos || word == "-d" || word.starts_with("--dirname");
      });
  const auto& files = input.changes.files;
  return by_name && std::none_of(files.begin(), files.end(), [](const FileChange& change) {
           return change.origin == Origin::Skill && change.path().find("/lib/modules/") < 5;
         });
}

void kernel_code(const RuleInput& input, Drafts& drafts) {
  Offenders found;
  for (const std::uint32_t i : input.processes.of_kind(TraceKind::KernelCode)) {
    const TraceEvent& event = input.processes.events()[i];
    if (!event.success || !input.processes.of_skill(i) ||
        event.syscall.starts_with("delete_module"))
      continue;
    const std::string who = who_did(input, i);
    if (found.is_full() || is_own_module(input, i)) continue;
    Offender* offender = found.at(event.syscall + '\n' + who);
    if (offender == nullptr) continue;
    offender->words.what = quoted(event.syscall) + " by " + who;
    const std::string of = event.paths.empty() ? std::string() : " of " + event.paths.front();
    Offenders::add(
        offender,
        cite_event(input, i, fmt::format("gave code to the kernel by {}{}", event.syscall, of)));
  }
  found.report(RuleId::PersistenceKernelModule, drafts);
}

}  // namespace

void trace_persistence_rules(const RuleInput& input, const Rights& rights, Drafts& drafts) {
  undone(input, rights, drafts);
  kernel_code(input, drafts);
}

}  // namespace skillaudit
