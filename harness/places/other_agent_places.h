#pragma once

#include <array>

#include "harness/places/place.h"

namespace skillaudit::table {

using enum Place;
using enum Watch;

/// Of agents that skillaudit does not drive, and of all of them.
inline constexpr auto kOtherAgentPlaces = std::to_array<KnownPlace>({
    {"~/.agents/skills/", AgentSkill, "", Changes, kSharedFolder},
    {"~/.agents/", AgentSettings, "agents", Compared, 0, "agents"},
    {"~/.cursor/skills/", AgentSkill, "cursor", Changes, kSharedFolder, "cursor"},
    {"~/.cursor/", AgentSettings, "cursor", Changes, 0, "cursor"},
    {"~/.continue/", AgentSettings, "continue", Changes, 0, "continue"},
    {"~/.codeium/windsurf/", AgentSettings, "windsurf", Compared, 0, "windsurf"},
    {"~/.windsurf/", AgentSettings, "windsurf", Compared, 0, "windsurf"},
    {"~/.copilot/", AgentSettings, "copilot", Compared, 0, "copilot"},
    {"~/.config/github-copilot/", AgentSettings, "copilot", Compared, 0, "copilot"},
    {"~/.aider.conf.yml", AgentSettings, "aider", Compared, 0, "aider"},
    {"~/.config/goose/", AgentSettings, "goose", Compared, 0, "goose"},
    {"~/.config/amp/", AgentSettings, "amp", Compared, 0, "amp"},
    {"~/.qwen/", AgentSettings, "qwen", Compared, 0, "qwen"},
    {"~/.kiro/", AgentSettings, "kiro", Compared, 0, "kiro"},
    {"~/.roo/", AgentSettings, "roo", Compared, 0, "roo"},
    {"~/.cline/", AgentSettings, "cline", Compared, 0, "cline"},
    {"~/.factory/", AgentSettings, "factory", Compared, 0, "factory"},
    {"~/.config/crush/", AgentSettings, "crush", Compared, 0, "crush"},
    {"~/.aws/amazonq/", AgentSettings, "amazonq", Compared, 0, "amazonq"},
    {"~/.augment/", AgentSettings, "augment", Compared, 0, "augment"},
    {"~/.config/Code/User/mcp.json", AgentSettings, "copilot", Compared, 0, "copilot"},
    {"~/.config/Code/User/prompts/", AgentSettings, "copilot", Compared, 0, "copilot"},
    {"~/.mcp.json", AgentSettings, "mcp", Compared, 0, "mcp"},
    {".agents/skills/", AgentSkill, "", AnyFolder},
    {".cursor/skills/", AgentSkill, "cursor", AnyFolder, 0, "cursor"},
    {".cursor/", AgentProject, "cursor", AnyFolder, 0, "cursor"},
    {".cursorrules", AgentProject, "cursor", AnyFolder, 0, "cursor"},
    {".windsurf/", AgentProject, "windsurf", AnyFolder, 0, "windsurf"},
    {".windsurfrules", AgentProject, "windsurf", AnyFolder, 0, "windsurf"},
    {".clinerules", AgentProject, "cline", AnyFolder, 0, "cline"},
    {".clinerules/", AgentProject, "cline", AnyFolder, 0, "cline"},
    {".roo/", AgentProject, "roo", AnyFolder, 0, "roo"},
    {".roorules", AgentProject, "roo", AnyFolder, 0, "roo"},
    {".kiro/", AgentProject, "kiro", AnyFolder, 0, "kiro"},
    {".junie/", AgentProject, "junie", AnyFolder, 0, "junie"},
    {".amazonq/", AgentProject, "amazonq", AnyFolder, 0, "amazonq"},
    {".augment/", AgentProject, "augment", AnyFolder, 0, "augment"},
    {".trae/", AgentProject, "trae", AnyFolder, 0, "trae"},
    {".continue/", AgentProject, "continue", AnyFolder, 0, "continue"},
    {".aider.conf.yml", AgentProject, "aider", AnyFolder, 0, "aider"},
    {".goosehints", AgentProject, "goose", AnyFolder, 0, "goose"},
    {".openhands/", AgentProject, "openhands", AnyFolder, 0, "openhands"},
    {".github/instructions/", AgentProject, "copilot", AnyFolder, 0, "copilot"},
    {".github/prompts/", AgentProject, "copilot", AnyFolder, 0, "copilot"},
    {".vscode/mcp.json", AgentProject, "copilot", AnyFolder, 0, "copilot"},
    {"copilot-instructions.md", AgentProject, "copilot", AnyFolder, 0, "copilot"},
    {"QWEN.md", AgentProject, "qwen", AnyFolder, 0, "qwen"},
    {"CRUSH.md", AgentProject, "crush", AnyFolder, 0, "crush"},
    {"WARP.md", AgentProject, "warp", AnyFolder, 0, "warp"},
    {"AGENT.md", AgentProject, "amp", AnyFolder, 0, "amp"},
    {".agents/", AgentProject, "agents", AnyFolder, 0, "agents"},
});

}  // namespace skillaudit::table
