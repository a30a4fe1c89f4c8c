// What Git runs by itself, in one repository or in all.
#include <algorithm>

#include "harness/rules/git_config.h"
#include "harness/rules/rules.h"
#include "harness/rules/written.h"

namespace skillaudit {
namespace {

std::string_view text_of(const std::vector<ConfigText>& texts, const std::string& path) {
  const auto found = std::find_if(texts.begin(), texts.end(),
                                  [&](const ConfigText& text) { return text.path == path; });
  return found == texts.end() ? std::string_view{} : std::string_view(found->content);
}

bool is_documented(const RuleInput& input, std::string_view path, std::string_view name) {
  return input.excusable(RuleId::PersistenceGitHook, Excuse::Path) &&
         (input.documented.path(path) || input.documented.package(name));
}

/// Programs that Git's settings name now and did not name before.
void settings(const RuleInput& input, std::vector<Offender>& offenders) {
  for (const ConfigDiff& diff : input.changes.config) {
    if (!is_git_config(diff.path) || comes_with_package(input, diff.path)) continue;
    const auto before = git_commands(text_of(input.evidence.before.config, diff.path));
    for (const GitCommand& command :
         git_commands(text_of(input.evidence.after.config, diff.path))) {
      if (std::find(before.begin(), before.end(), command) != before.end()) continue;
      if (is_documented(input, diff.path, command.key)) continue;
      Offender offender;
      offender.words.what = quoted(diff.path + ": " + command.key);
      offender.evidence.push_back(cite(source::after(Table::Config),
                                       diff.path + ": " + command.key + " = " + command.value));
      offenders.push_back(std::move(offender));
      if (offenders.size() == kMostListed) return;
    }
  }
}

}  // namespace

void git_rules(const RuleInput& input, Drafts& drafts) {
  std::vector<Offender> offenders;
  settings(input, offenders);
  std::size_t unlisted = 0;
  for (const auto& [path, written] : written_in(input, {Place::GitHook})) {
    // A hook that is gone runs no more.
    if (written.file == nullptr || written.file->kind == ChangeKind::Deleted) continue;
    if (is_documented(input, path, base_name(path))) continue;
    if (offenders.size() < 2 * kMostListed)
      offenders.push_back(offender_of(path, written));
    else
      ++unlisted;
  }
  drafts.add_each(RuleId::PersistenceGitHook, offenders, unlisted);
}

}  // namespace skillaudit
