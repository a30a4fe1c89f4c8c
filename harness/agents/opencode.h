#pragma once

#include <array>

#include "harness/places/place.h"

namespace skillaudit {

inline constexpr auto kOpenCodePlaces = [] {
  using enum Place;
  using enum Watch;
  return std::to_array<KnownPlace>({
      {"~/.config/opencode/skill/", AgentSkill, "opencode", Changes},
      {"~/.config/opencode/skills/", AgentSkill, "opencode", Changes},
      {"~/.config/opencode/", AgentSettings, "opencode", Changes},
      {".opencode/skill/", AgentSkill, "opencode", AnyFolder},
      {".opencode/", AgentProject, "opencode", AnyFolder},
  });
}();

}  // namespace skillaudit
