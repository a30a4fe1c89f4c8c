#pragma once

#include <array>

#include "harness/agents/agent.h"
#include "harness/places/place.h"

namespace skillaudit {

inline constexpr auto kOpenCodePlaces = [] {
  using enum Place;
  using enum Watch;
  return std::to_array<KnownPlace>({
      {"~/.config/opencode/skill/", AgentSkill, "opencode", Changes, kSharedFolder},
      {"~/.config/opencode/skills/", AgentSkill, "opencode", Changes, kSharedFolder},
      {"~/.config/opencode/", AgentSettings, "opencode", Changes},
      {"opencode.json", AgentProject, "opencode", AnyFolder},
      {"opencode.jsonc", AgentProject, "opencode", AnyFolder},
      {".opencode/skill/", AgentSkill, "opencode", AnyFolder},
      {".opencode/", AgentProject, "opencode", AnyFolder},
  });
}();

inline Agent opencode() {
  return {.name = "opencode",
          .title = "OpenCode",
          .packages = {{"opencode-linux-x64-baseline", "1.18.33"},
                       {"@vscode/ripgrep-linux-x64", "1.18.0"}},
          .start = {"opencode-linux-x64-baseline/bin/opencode"},
          // It would fetch that from its maker's host, and offers no file of a skill without.
          .programs = {{"rg", "@vscode/ripgrep-linux-x64/bin/rg"}},
          .skills = ".config/opencode/skills",
          // The library for plugins is there already, as far as it looks: it would fetch that at
          // its first start.
          .settings = {{".config/opencode/opencode.json",
                        "{\n"
                        "  \"$schema\": \"https://opencode.ai/config.json\",\n"
                        "  \"autoupdate\": false,\n"
                        "  \"share\": \"disabled\",\n"
                        "  \"permission\": \"allow\",\n"
                        "  \"model\": \"anthropic/claude-sonnet-4-5\"\n"
                        "}\n"},
                       {".config/opencode/package.json",
                        "{\"dependencies\": {\"@opencode-ai/plugin\": \"1.18.33\"}}\n"},
                       {".config/opencode/package-lock.json",
                        "{\"lockfileVersion\": 3, \"packages\": {\"\": {\"dependencies\": "
                        "{\"@opencode-ai/plugin\": \"1.18.33\"}}}}\n"},
                       {".config/opencode/node_modules/.package-lock.json", "{}\n"}},
          .environment = {{"OPENCODE_DISABLE_AUTOUPDATE", "1"},
                          {"OPENCODE_DISABLE_MODELS_FETCH", "1"},
                          {"OPENCODE_DISABLE_LSP_DOWNLOAD", "1"}},
          .of_commands = {{"OPENCODE", "1"}},
          .model = {.api = "anthropic-messages",
                    .host = "api.anthropic.com:443",
                    .paths = {"/v1/messages"},
                    .header = "x-api-key",
                    .prefix = "",
                    .key_variable = "ANTHROPIC_API_KEY",
                    .key_form = "sk-ant-api03-"},
          .arguments = {"run", "--format", "json", "{prompt}"},
          .tools = {.shell = {{"bash", {"command"}}},
                    .read = {{"read", {"filePath", "file_path"}}},
                    .skill = {{"skill", {"name", "skill"}}}},
          .results = {.frames = {{"<path>", "<content>\n", "</content>"},
                                 {"<file>\n", "<file>\n", "</file>"},
                                 {"<skill_content", ">\n", "</skill_content>"}}}};
}

}  // namespace skillaudit
