#pragma once

#include <array>

#include "harness/places/place.h"

namespace skillaudit {

inline constexpr auto kGeminiPlaces = [] {
  using enum Place;
  using enum Watch;
  return std::to_array<KnownPlace>({
      {"~/.gemini/skills/", AgentSkill, "gemini", Changes},
      {"~/.gemini/oauth_creds.json", UserSecret, ""},
      {"~/.gemini/", AgentSettings, "gemini", Changes},
      {".gemini/", AgentProject, "gemini", AnyFolder},
      {"GEMINI.md", AgentProject, "gemini", AnyFolder},
  });
}();

}  // namespace skillaudit
