#pragma once

#include <array>

#include "harness/agents/agent.h"
#include "harness/places/place.h"

namespace skillaudit {

inline constexpr auto kCodexPlaces = [] {
  using enum Place;
  using enum Watch;
  return std::to_array<KnownPlace>({
      {"/etc/codex/", AgentSettings, "codex", Compared},
      {"~/.codex/skills/", AgentSkill, "codex", Changes, kSharedFolder},
      {"~/.codex/auth.json", UserSecret, ""},
      {"~/.codex/", AgentSettings, "codex", Changes},
      {".codex/skills/", AgentSkill, "codex", AnyFolder},
      {".codex/", AgentProject, "codex", AnyFolder},
      {"AGENTS.md", AgentProject, "codex opencode", AnyFolder},
      {"AGENTS.override.md", AgentProject, "codex", AnyFolder},
  });
}();

/// Codex: its configuration is one file, and `exec` runs without a person.
inline Agent codex() {
  return {.name = "codex",
          .title = "Codex",
          .packages = {{"@openai/codex", "0.169.0-linux-x64"}},
          .start = {"@openai/codex/vendor/x86_64-unknown-linux-musl/bin/codex"},
          .skills = ".codex/skills",
          // A provider of its own name: the one built in opens a WebSocket before it posts.
          .settings = {{".codex/config.toml",
                        "model_provider = \"api\"\n"
                        "model = \"gpt-5.2-codex\"\n"
                        "check_for_update_on_startup = false\n\n"
                        "[analytics]\nenabled = false\n\n"
                        "[model_providers.api]\n"
                        "name = \"OpenAI\"\n"
                        "base_url = \"https://api.openai.com/v1\"\n"
                        "env_key = \"OPENAI_API_KEY\"\n"
                        "wire_api = \"responses\"\n"
                        "request_max_retries = 2\n"
                        "stream_max_retries = 2\n"}},
          .environment = {},
          .of_commands = {{"CODEX_SANDBOX", "seatbelt"}},
          .model = {.api = "openai-responses",
                    .host = "api.openai.com:443",
                    .paths = {"/v1/responses"},
                    .header = "authorization",
                    .prefix = "Bearer ",
                    .key_variable = "OPENAI_API_KEY",
                    .key_form = "sk-proj-"},
          .arguments = {"exec", "--json", "--skip-git-repo-check",
                        "--dangerously-bypass-approvals-and-sandbox", "{prompt}"},
          // Earlier versions named the shell's tool otherwise. It returns after at most 30 seconds.
          .tools = {.shell = {{"exec_command", {"cmd", "command"}},
                              {"shell_command", {"command"}},
                              {"shell", {"command"}},
                              {"local_shell", {"command"}}},
                    .read = {},
                    .skill = {},
                    .wait = {.mark = "Process running with session ID ",
                             .end_of_head = "\nOutput:\n",
                             .tool = "write_stdin",
                             .argument = "session_id",
                             .others = R"({"chars": "", "yield_time_ms": 300000})"}},
          .results = {.frames = {{"Chunk ID:", "Output:\n", ""},
                                 {"Exit code:", "Output:\n", ""},
                                 {"Wall time:", "Output:\n", ""}},
                      .failed = "Process exited with code ",
                      .listing = "<environment_context>"}};
}

}  // namespace skillaudit
