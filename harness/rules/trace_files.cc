// Files by which something runs again that were written and taken back before anybody could compare
// the states: the conditions that are `seen_in: trace`.
#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "harness/rules/effect.h"
#include "harness/rules/file_conditions.h"
#include "harness/rules/trace_rules.h"
#include "harness/rules/trace_words.h"

namespace skillaudit {
namespace {

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

using Rules = std::vector<FileCondition>;

class Undone {
 public:
  Undone(const RuleInput& input, const Rights& rights)
      : input_(input),
        rights_(rights),
        conditions_(input.rubric, [](const Condition& each) { return each.in_trace; }) {}

  void ask(std::uint32_t event) {
    const TraceEvent& what = input_.processes.events()[event];
    if (!what.success || what.paths.empty() || !input_.processes.of_skill(event)) return;
    const std::string path = place_changed(what);
    if (conditions_.of(input_.place(path)).empty() || rights_.of_package_manager(event)) return;
    for (const auto& [rule, condition] : rules_of(path)) {
      const bool as_root = what.effective_uid == 0;
      if (condition->actor != Actor::Any && (condition->actor == Actor::Root) != as_root) continue;
      Offender* offender = found_[rule->id].at(path);
      if (offender == nullptr) continue;
      offender->words.what = as_code(path) + " (undone before the end)";
      Offenders::add(
          offender, cite_event(input_, event, fmt::format("changed {} by {}", path, what.syscall)));
    }
  }

  void report(Drafts& drafts) const {
    for (const auto& [id, offenders] : found_) offenders.report(id, drafts);
  }

 private:
  /// The rules that the path is for, whoever did it.
  const Rules& rules_of(const std::string& path) {
    constexpr std::size_t kMostJudged = 10000;
    if (const auto known = judged_.find(path); known != judged_.end()) return known->second;
    if (judged_.size() >= kMostJudged) judged_.clear();
    return judged_.emplace(path, judge(path)).first->second;
  }

  [[nodiscard]] Rules judge(const std::string& path) const {
    if (change_at(input_, path) != nullptr || has_diff(input_, path) ||
        is_of_a_change(input_, path) || is_restored(path))
      return {};
    const FileEntry* before = entry_before(input_, path);
    if (before != nullptr && before->type == FileType::Directory) return {};
    Rules rules;
    for (const FileCondition& each : conditions_.of(input_.place(path)))
      if ((rules.empty() || rules.back().rule != each.rule) &&
          matches_any(input_, each.condition->what.names, path) && !is_named(each, path))
        rules.push_back(each);
    return rules;
  }

  [[nodiscard]] bool is_named(const FileCondition& each, const std::string& path) const {
    return is_excusable(*each.rule, *each.condition) &&
           is_free(each.rule->effect_class,
                   file_named(input_, each.rule->effect_class, Verb::Modify, path));
  }

  /// Its content is what it was: `touch`, or what was put back.
  [[nodiscard]] bool is_restored(const std::string& path) const {
    const auto& restored = input_.changes.restored;
    return std::binary_search(restored.begin(), restored.end(), path);
  }

  const RuleInput& input_;
  const Rights& rights_;
  FileConditions conditions_;
  std::map<std::string, Rules, std::less<>> judged_;
  std::map<std::string_view, Offenders> found_;  ///< by the rule's id
};

}  // namespace

void undone_file_effects(const RuleInput& input, Drafts& drafts) {
  Undone undone(input, *input.rights);
  for (const std::uint32_t i : input.processes.of_kind(TraceKind::Persist)) undone.ask(i);
  undone.report(drafts);
}

}  // namespace skillaudit
