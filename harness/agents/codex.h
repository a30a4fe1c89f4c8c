#pragma once

#include <array>

#include "harness/places/place.h"

namespace skillaudit {

inline constexpr auto kCodexPlaces = [] {
  using enum Place;
  using enum Watch;
  return std::to_array<KnownPlace>({
      {"~/.codex/skills/", AgentSkill, "codex", Changes},
      {"~/.codex/auth.json", UserSecret, ""},
      {"~/.codex/", AgentSettings, "codex", Changes},
      {".codex/skills/", AgentSkill, "codex", AnyFolder},
      {".codex/", AgentProject, "codex", AnyFolder},
      {"AGENTS.md", AgentProject, "codex opencode", AnyFolder},
      {"AGENTS.override.md", AgentProject, "codex", AnyFolder},
  });
}();

}  // namespace skillaudit
