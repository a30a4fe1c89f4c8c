#include "harness/runner/plugin_steps.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "harness/base/file.h"
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

}  // namespace
}  // namespace skillaudit
