#include "harness/model/tool_kinds.h"

#include <gtest/gtest.h>

#include "tests/unit/model/captured.h"

namespace skillaudit {
namespace {

using nlohmann::json;

std::vector<OfferedTool> tools_of(const char* name) { return captured_request(name).tools; }

OfferedTool tool(const char* name, const json& properties) {
  return {name, json{{"type", "object"}, {"properties", properties}}};
}

TEST(ToolKinds, AreThoseOfEachAgent) {
  EXPECT_EQ(shell_call(tools_of("claude-first"), "ls")->name, "Bash");
  EXPECT_EQ(read_call(tools_of("claude-first"), "/a")->arguments, json({{"file_path", "/a"}}));
  EXPECT_EQ(skill_call(tools_of("claude-first"), "n")->arguments, json({{"skill", "n"}}));
  EXPECT_EQ(read_call(tools_of("opencode-first"), "/a")->arguments, json({{"filePath", "/a"}}));
  EXPECT_EQ(skill_call(tools_of("opencode-first"), "n")->arguments, json({{"name", "n"}}));
  EXPECT_EQ(shell_call(tools_of("codex-first"), "ls")->arguments["cmd"], "ls");
  EXPECT_EQ(read_call(tools_of("codex-first"), "/a b")->arguments["cmd"], "cat '/a b'");
  EXPECT_FALSE(skill_call(tools_of("codex-first"), "n"));
  EXPECT_EQ(shell_call(tools_of("gemini-first"), "ls")->name, "run_shell_command");
  EXPECT_EQ(read_call(tools_of("gemini-first"), "/a")->arguments, json({{"file_path", "/a"}}));
  EXPECT_EQ(skill_call(tools_of("gemini-first"), "n")->name, "activate_skill");
  EXPECT_FALSE(shell_call({}, "ls"));
  EXPECT_FALSE(read_call({}, "/a"));
}

TEST(ToolKinds, LookIntoTheSchemaForTheArgumentsName) {
  EXPECT_EQ(read_call({tool("read_file", {{"absolute_path", json::object()}})}, "/a")->arguments,
            json({{"absolute_path", "/a"}}));
  const OfferedTool list = tool("shell", {{"command", {{"type", "array"}}}});
  EXPECT_EQ(shell_call({list}, "ls -l")->arguments["command"],
            json::array({"bash", "-lc", "ls -l"}));
  EXPECT_EQ(shell_call({{"local_shell", json(), "local_shell"}}, "ls")->arguments["command"],
            json::array({"bash", "-lc", "ls"}));
  EXPECT_EQ(shell_call({{"Bash", json("no schema")}}, "ls")->arguments, json({{"command", "ls"}}));
}

TEST(ToolKinds, RunACommandInAFolderAndKeepItsExitCode) {
  const std::vector<OfferedTool> bash = {tool("Bash", {{"command", json::object()}})};
  const auto in = [&](const char* command, const char* folder) {
    return shell_call(bash, command, folder)->arguments["command"];
  };
  EXPECT_EQ(in("ls -l", "/a"), "cd /a && ls -l");
  EXPECT_EQ(in("ls\n", "/a b"), "cd '/a b' && ls");
  EXPECT_EQ(in("ls; false\n", "/a"), "cd /a && {\nls; false\n}");
  EXPECT_EQ(in("cat <<E\nx\nE\n", "/a"), "cd /a && {\ncat <<E\nx\nE\n}");
  const ToolCall codex = *shell_call(tools_of("codex-first"), "ls; false", "/a");
  EXPECT_EQ(codex.arguments["cmd"], "ls; false");
  EXPECT_EQ(codex.arguments["workdir"], "/a");
}

TEST(ToolKinds, CanBeReadBack) {
  for (const char* name : {"claude-first", "opencode-first", "codex-first", "gemini-first"}) {
    const auto tools = tools_of(name);
    EXPECT_EQ(shell_command_of(*shell_call(tools, "echo 'a'; ls")), "echo 'a'; ls") << name;
    EXPECT_EQ(read_path_of(*read_call(tools, "/a b/c")), "/a b/c") << name;
    EXPECT_FALSE(skill_name_of(*shell_call(tools, "ls"))) << name;
    EXPECT_FALSE(read_path_of(*shell_call(tools, "cat a | wc"))) << name;
    const auto skill = skill_call(tools, "n");
    EXPECT_EQ(skill ? skill_name_of(*skill) : "n", "n") << name;
  }
  EXPECT_EQ(shell_command_of({"", "shell", {{"command", json::array({"bash", "-lc", "ls a"})}}}),
            "ls a");
  EXPECT_EQ(shell_command_of({"", "shell", {{"command", json::array({"ls", "a b"})}}}), "ls 'a b'");
  EXPECT_FALSE(shell_command_of({"", "shell", {{"command", json::array({1})}}}));
  EXPECT_FALSE(shell_command_of({"", "Bash", json()}));
  EXPECT_FALSE(shell_command_of({"", "Write", json{{"command", "ls"}}}));
}

TEST(ToolKinds, TakeACallForTheSameWhateverElseItSays) {
  const ToolCall one{"", "Bash", {{"command", "cd /a && ls"}, {"description", "x"}}};
  EXPECT_TRUE(same_action(one, {"", "Bash", json{{"command", "cd /a && ls"}}}));
  EXPECT_TRUE(same_action(one, {"", "Bash", json{{"command", "ls"}}}));
  EXPECT_FALSE(same_action(one, {"", "Bash", json{{"command", "ls -l"}}}));
  EXPECT_FALSE(same_action(one, {"", "bash", json{{"command", "ls"}}}));
}

TEST(ToolKinds, WaitForACommandOnlyWhereTheToolSaysThatItRuns) {
  const std::vector<OfferedTool> tools = {{"write_stdin", json()}};
  EXPECT_EQ(
      wait_call(tools, "Process running with session ID 12\nOutput:\n")->arguments["session_id"],
      12);
  EXPECT_FALSE(wait_call(tools, "Exited\nOutput:\nProcess running with session ID 12"));
  EXPECT_FALSE(wait_call({}, "Process running with session ID 12\nOutput:\n"));
}

}  // namespace
}  // namespace skillaudit
