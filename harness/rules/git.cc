// What Git runs by itself.
#include <algorithm>

#include "harness/rules/effect.h"
#include "harness/rules/git_config.h"

namespace skillaudit {
namespace {

std::string_view text_of(const std::vector<ConfigText>& texts, const std::string& path) {
  const auto found = std::find_if(texts.begin(), texts.end(),
                                  [&](const ConfigText& text) { return text.path == path; });
  return found == texts.end() ? std::string_view{} : std::string_view(found->content);
}

bool is_of_home(const RuleInput& input, std::string_view path) {
  return is_below(path, input.evidence.environment.guest_home);
}

}  // namespace

/// Programs that Git's settings name now and did not name before.
void git_effects(const RuleInput& input, Found& found) {
  std::size_t count = 0;
  for (const ConfigDiff& diff : input.changes.config) {
    if (!is_git_config(diff.path) || comes_with_package(input, diff.path)) continue;
    const auto before = git_commands(text_of(input.evidence.before.config, diff.path));
    for (const GitCommand& command :
         git_commands(text_of(input.evidence.after.config, diff.path))) {
      if (std::find(before.begin(), before.end(), command) != before.end()) continue;
      const std::string name = diff.path + ": " + command.key;
      found.add({.verb = before.empty() ? Verb::Create : Verb::Modify,
                 .object = ObjectKind::GitSetting,
                 .name = name,
                 .takes_root = !is_of_home(input, diff.path),
                 .named =
                     [&](EffectClass) {
                       return input.consent.covers(
                           Verb::Modify, ConsentObject::setting("git", command.key, command.value));
                     }},
                [&] {
                  return Offender{
                      {as_code(name), "", ""},
                      {cite(source::after(Table::Config), name + " = " + command.value)}};
                });
      if (++count == kMostListed) return;
    }
  }
}

}  // namespace skillaudit
