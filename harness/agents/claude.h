#pragma once

#include <array>

#include "harness/places/place.h"

namespace skillaudit {

inline constexpr auto kClaudePlaces = [] {
  using enum Place;
  using enum Watch;
  return std::to_array<KnownPlace>({
      {"/etc/claude-code/", AgentSettings, "claude", Changes},
      {"~/.claude/skills/", AgentSkill, "claude", Changes},
      {"~/.claude/settings.json", AgentSettings, "claude", Changes, kTextKept},
      {"~/.claude/settings.local.json", AgentSettings, "claude", Changes, kTextKept},
      {"~/.claude/CLAUDE.md", AgentSettings, "claude", Changes, kTextKept},
      {"~/.claude/agents/", AgentSettings, "claude", Changes},
      {"~/.claude/commands/", AgentSettings, "claude", Changes},
      {"~/.claude/hooks/", AgentSettings, "claude", Changes},
      {"~/.claude/output-styles/", AgentSettings, "claude", Changes},
      {"~/.claude/plugins/", AgentSettings, "claude", Changes},
      {"~/.claude/rules/", AgentSettings, "claude", Changes},
      {"~/.claude/.credentials.json", UserSecret, ""},
      {"~/.claude.json", AgentSettings, "claude", Changes},
      {"~/.claude/", UserConfig, "claude", Changes},
      {".claude/skills/", AgentSkill, "claude", AnyFolder},
      {".claude/settings*", AgentProject, "claude", AnyFolder},
      {".claude/agents/", AgentProject, "claude", AnyFolder},
      {".claude/commands/", AgentProject, "claude", AnyFolder},
      {".claude/hooks/", AgentProject, "claude", AnyFolder},
      {".claude/rules/", AgentProject, "claude", AnyFolder},
      {"CLAUDE.md", AgentProject, "claude", AnyFolder},
      {"CLAUDE.local.md", AgentProject, "claude", AnyFolder},
      {".mcp.json", AgentProject, "claude", AnyFolder},
  });
}();

}  // namespace skillaudit
