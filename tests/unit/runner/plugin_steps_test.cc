#include "harness/runner/plugin_steps.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/temp_dir.h"

namespace skillaudit {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

TEST(PluginSteps, GiveAHookWhatAnAgentGivesIt) {
  const TempDir dir;
  std::filesystem::create_directories(dir.path() / "hooks");
  write_file(dir.path() / "hooks/hooks.json",
             R"({"hooks": {"PreToolUse": [{"matcher": "Write|Edit", "hooks":
                 [{"type": "command", "command": "${CLAUDE_PLUGIN_ROOT}/check.sh"}]}],
                 "Stop": [{"hooks": [{"type": "prompt", "prompt": "Done?"}]}]}})");
  const std::vector<PluginPart> parts = plugin_parts(dir.path());
  ASSERT_THAT(parts, SizeIs(2));
  EXPECT_EQ(parts[0].what, "the hook PreToolUse of hooks/hooks.json");
  EXPECT_FALSE(can_be_run(parts[1])) << "a prompt is no command";
  const std::vector<PlannedStep> steps = steps_of_plugin(parts, "/home/u/p", "/home/u/work");
  ASSERT_THAT(steps, SizeIs(1));
  EXPECT_EQ(steps[0].name, "hooks/hooks.json: PreToolUse");
  EXPECT_THAT(steps[0].command, HasSubstr("export CLAUDE_PLUGIN_ROOT='/home/u/p'"));
  const nlohmann::json input = nlohmann::json::parse(steps[0].standard_input);
  EXPECT_EQ(input["tool_name"], "Write");
  EXPECT_EQ(input["tool_input"]["file_path"], "/home/u/work/README.md");
  EXPECT_TRUE(steps[0].tentative);
}

TEST(PluginSteps, StartTheServersOfAPluginOnce) {
  const TempDir dir;
  write_file(dir.path() / ".mcp.json",
             R"({"mcpServers": {"sum": {"command": "node", "args": ["${CLAUDE_PLUGIN_ROOT}/s.js"],
                 "env": {"MODE": "it's"}}, "far": {"type": "http", "url": "https://a.example"}}})");
  std::filesystem::create_directories(dir.path() / ".claude-plugin");
  write_file(dir.path() / ".claude-plugin/plugin.json", R"({"mcpServers": "./.mcp.json"})");
  const std::vector<PluginPart> parts = plugin_parts(dir.path());
  ASSERT_THAT(parts, SizeIs(2)) << "the manifest names the file that is read anyway";
  const std::vector<PlannedStep> steps = steps_of_plugin(parts, "/p", "/w");
  ASSERT_THAT(steps, SizeIs(1)) << "a server at an address is not started";
  EXPECT_THAT(steps[0].command, HasSubstr("python3 - 'node' '/p/s.js' <<'END'\n"));
  EXPECT_THAT(steps[0].command, HasSubstr("export 'MODE=it'\\''s'; "));
}

/// What the audit's client of a server says, run on this machine, with a server of Python code.
CommandResult ask_server(const std::string& code) {
  const PluginPart server{
      .kind = PluginPart::Kind::McpServer, .command = "python3", .arguments = {"-c", code}};
  const std::vector<PlannedStep> steps = steps_of_plugin({server}, "/tmp", "/tmp");
  return run_command({"bash", "-c", steps.at(0).command}, {.timeout = std::chrono::seconds(60)});
}

TEST(PluginSteps, EndServersThatFlood) {
  for (const char* piece : {"'{' * 65536", "'x\\n' * 32768"}) {
    const CommandResult result =
        ask_server(std::string("import sys\nwhile True: sys.stdout.write(") + piece + ")");
    EXPECT_FALSE(result.timed_out) << piece;
    EXPECT_THAT(result.err, HasSubstr("the server did not answer initialize")) << piece;
  }
}

TEST(PluginSteps, WaitNotForAServerThatHasEnded) {
  const CommandResult result = ask_server("import sys; sys.stdin.readline()");
  EXPECT_FALSE(result.timed_out);
  EXPECT_THAT(result.err, HasSubstr("the server did not answer initialize"));
}

}  // namespace
}  // namespace skillaudit
