#include "harness/rules/program_setting.h"

#include <algorithm>

#include "harness/agents/places.h"
#include "harness/rules/git_config.h"
#include "harness/rules/ssh_config.h"

namespace skillaudit {
namespace {

/// Chosen once: each of a million changed files is asked about.
constexpr auto kJudged = select_places<[](const KnownPlace& place) {
  return (place.traits & (kGitSettings | kSshSettings)) != 0;
}>();

/// Whether a program reads `path` at `place`, in the home of any account, also of one that is no
/// person's.
bool is_read_at(std::string_view path, const KnownPlace& place) {
  if (place.whose() == Whose::System) return is_at(path, place);
  const std::string_view at = place.path();  // of a home it begins with a slash
  if (!path.ends_with(at)) return false;
  return place.whose() == Whose::Home || path.substr(0, path.size() - at.size()).ends_with('/');
}

}  // namespace

std::string_view program_set_by(std::string_view path) {
  for (const KnownPlace& place : kJudged)
    if (is_read_at(path, place)) return place.has(kGitSettings) ? "git" : "ssh";
  return {};
}

std::vector<ProgramSetting> settings_in(std::string_view program, std::string_view text) {
  return program == "git" ? git_settings(text) : ssh_settings(text);
}

}  // namespace skillaudit
