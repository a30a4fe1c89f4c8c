#include "harness/rules/program_setting.h"

#include <algorithm>

#include "harness/agents/places.h"
#include "harness/rules/git_config.h"
#include "harness/rules/ssh_config.h"

namespace skillaudit {
namespace {

/// Whether a program reads `path` at `place`, in the home of any account, also of one that is no
/// person's.
bool is_read_at(std::string_view path, const KnownPlace& place) {
  if (place.whose() == Whose::System) return is_at(path, place);
  const std::string below = place.whose() == Whose::Home ? "" : "/";
  return path.ends_with(below + std::string(place.path()));
}

}  // namespace

std::string_view program_set_by(std::string_view path) {
  constexpr unsigned kJudged = kGitSettings | kSshSettings;
  for (const KnownPlace& place : kPlaces)
    if ((place.traits & kJudged) != 0 && is_read_at(path, place))
      return place.has(kGitSettings) ? "git" : "ssh";
  return {};
}

std::vector<ProgramSetting> settings_in(std::string_view program, std::string_view text) {
  return program == "git" ? git_settings(text) : ssh_settings(text);
}

}  // namespace skillaudit
