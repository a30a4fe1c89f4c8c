#pragma once

#include <array>

#include "harness/agents/agent.h"
#include "harness/places/place.h"

namespace skillaudit {

inline constexpr auto kClaudePlaces = [] {
  using enum Place;
  using enum Watch;
  return std::to_array<KnownPlace>({
      {"/etc/claude-code/", AgentSettings, "claude", Changes},
      {"~/.claude/skills/", AgentSkill, "claude", Changes, kSharedFolder},
      {"~/.claude/settings.json", AgentSettings, "claude", Changes, kTextKept},
      {"~/.claude/settings.local.json", AgentSettings, "claude", Changes, kTextKept},
      {"~/.claude/CLAUDE.md", AgentSettings, "claude", Changes, kTextKept},
      {"~/.claude/agents/", AgentSettings, "claude", Changes},
      {"~/.claude/commands/", AgentSettings, "claude", Changes},
      {"~/.claude/hooks/", AgentSettings, "claude", Changes},
      {"~/.claude/output-styles/", AgentSettings, "claude", Changes},
      {"~/.claude/plugins/", AgentSettings, "claude", Changes},
      {"~/.claude/rules/", AgentSettings, "claude", Changes},
      {"~/.claude/projects/*/memory/", AgentSettings, "claude", AnyFolder, kSharedFolder},
      {"~/.claude/projects/*/CLAUDE.md", AgentSettings, "claude", AnyFolder},
      {"~/.claude/memory/", AgentSettings, "claude", Compared},
      {"~/.claude/agent-memory/", AgentSettings, "claude", Compared},
      {"~/.claude/workflows/", AgentSettings, "claude", Compared},
      {"~/.claude/mcp.json", AgentSettings, "claude", Compared},
      {"~/.claude/.mcp.json", AgentSettings, "claude", Compared},
      {"~/.claude/keybindings.json", AgentSettings, "claude", Compared},
      {"~/.claude/.credentials.json", UserSecret, ""},
      {"~/.config/Claude/", AgentSettings, "claude", Compared},
      {"~/.claude.json", AgentSettings, "claude", Changes},
      {"~/.claude/", UserConfig, "claude", Changes, kSharedFolder},
      {".claude/skills/", AgentSkill, "claude", AnyFolder},
      {".claude/settings*", AgentProject, "claude", AnyFolder},
      {".claude/agents/", AgentProject, "claude", AnyFolder},
      {".claude/commands/", AgentProject, "claude", AnyFolder},
      {".claude/hooks/", AgentProject, "claude", AnyFolder},
      {".claude/rules/", AgentProject, "claude", AnyFolder},
      {".claude/output-styles/", AgentProject, "claude", AnyFolder},
      {".claude/agent-memory/", AgentProject, "claude", AnyFolder},
      {".claude-plugin/", AgentProject, "claude", AnyFolder},
      {"CLAUDE.md", AgentProject, "claude", AnyFolder},
      {"CLAUDE.local.md", AgentProject, "claude", AnyFolder},
      {".mcp.json", AgentProject, "claude", AnyFolder},
  });
}();

/// Claude Code: settings and environment from code.claude.com/docs (headless mode, settings,
/// environment variables). Retries are few, since a model that does not answer is a result.
inline Agent claude() {
  return {.name = "claude",
          .title = "Claude Code",
          .packages = {{"@anthropic-ai/claude-code-linux-x64", "2.1.330"}},
          .start = {"@anthropic-ai/claude-code-linux-x64/claude"},
          .skills = ".claude/skills",
          .plugins = {.list = ".claude/plugins/installed_plugins.json"},
          .settings = {},
          .environment = {{"DISABLE_AUTOUPDATER", "1"},
                          {"CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1"},
                          {"DISABLE_TELEMETRY", "1"},
                          {"DISABLE_ERROR_REPORTING", "1"},
                          {"CLAUDE_CODE_MAX_RETRIES", "2"}},
          .of_commands = {{"CLAUDECODE", "1"}, {"CLAUDE_CODE_ENTRYPOINT", "cli"}},
          .model = {.api = "anthropic-messages",
                    .host = "api.anthropic.com:443",
                    .paths = {"/v1/messages", "/v1/messages?beta=true", "/v1/messages/count_tokens",
                              "/v1/messages/count_tokens?beta=true"},
                    .header = "x-api-key",
                    .prefix = "",
                    .key_variable = "ANTHROPIC_API_KEY",
                    .key_form = "sk-ant-api03-"},
          .arguments = {"-p", "{prompt}", "--output-format", "stream-json", "--verbose",
                        "--dangerously-skip-permissions"},
          .tools = {.shell = {{"Bash", {"command"}}},
                    .read = {{"Read", {"file_path"}}},
                    .skill = {{"Skill", {"skill", "command", "name"}}}},
          .results = {.document_follows = "Base directory for this skill:",
                      .last_words = "result",
                      .folder_variables = {"CLAUDE_SKILL_DIR"}},
          .own_files = {"/tmp/claude-1000/bash-edit-diff"}};
}

}  // namespace skillaudit
