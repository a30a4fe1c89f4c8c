#include "harness/rules/shell_script.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace skillaudit {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// "tree" for each use without a guard, "tree?" for each with one, in order.
std::vector<std::string> uses(std::string_view script, const std::string& program = "tree") {
  std::vector<std::string> found;
  for (const ShellCommand& command : shell_commands(script)) {
    if (command.words[0] != program) continue;
    const bool guarded = std::binary_search(command.guards.begin(), command.guards.end(), program);
    found.push_back(program + (guarded ? "?" : ""));
  }
  return found;
}

TEST(ShellScript, FindsCommandsWhereverTheyStand) {
  EXPECT_THAT(uses("tree"), ElementsAre("tree"));
  EXPECT_THAT(uses("ls | tree --fromfile"), ElementsAre("tree"));
  EXPECT_THAT(uses("x=$(tree -J)"), ElementsAre("tree"));
  EXPECT_THAT(uses("echo \"`tree`\""), ElementsAre("tree"));
  EXPECT_THAT(uses("echo \"of: $(tree)\""), ElementsAre("tree"));
  EXPECT_THAT(uses("A=1 sudo -u bob tree"), ElementsAre("tree"));
  EXPECT_THAT(uses("find . -exec tree {} +"), ElementsAre("tree"));
  EXPECT_THAT(uses("bash -c 'cd /; tree'"), ElementsAre("tree"));
  EXPECT_THAT(uses("ls | xargs -n 1 tree"), ElementsAre("tree"));
  EXPECT_THAT(uses("for x in 1 2; do tree; done"), ElementsAre("tree"));
  EXPECT_THAT(uses("f() { tree; }\nf"), ElementsAre("tree"));
}

TEST(ShellScript, TextIsNoCommand) {
  EXPECT_THAT(uses("echo tree"), IsEmpty());
  EXPECT_THAT(uses("# tree\n"), IsEmpty());
  EXPECT_THAT(uses("echo 'a; tree'"), IsEmpty());
  EXPECT_THAT(uses("cat <<EOF\ntree\nEOF\n"), IsEmpty());
  EXPECT_THAT(uses("cat <<-'EOF'\n\ttree\n\tEOF\n"), IsEmpty());
  EXPECT_THAT(uses("for tool in a\ntree=1\n"), IsEmpty());
  EXPECT_THAT(uses("case $1 in\n  tree) echo yes;;\nesac"), IsEmpty());
  EXPECT_THAT(uses("ls > tree"), IsEmpty());
}

TEST(ShellScript, APositiveGuardGuards) {
  EXPECT_THAT(uses("if command -v tree >/dev/null 2>&1; then\n  tree\nfi"), ElementsAre("tree?"));
  EXPECT_THAT(uses("command -v tree >/dev/null && tree"), ElementsAre("tree?"));
  EXPECT_THAT(uses("which tree && { tree; tree -d; }"), ElementsAre("tree?", "tree?"));
  EXPECT_THAT(uses("if [ -x \"$(command -v tree)\" ]; then tree; fi"), ElementsAre("tree?"));
  EXPECT_THAT(uses("if hash tree 2>/dev/null; then x=$(tree); fi"), ElementsAre("tree?"));
  EXPECT_THAT(uses("if ! type tree; then echo no; else tree; fi"), ElementsAre("tree?"));
  EXPECT_THAT(uses("have() { command -v \"$1\" >/dev/null; }\nif have tree; then tree; fi"),
              ElementsAre("tree?"));
  EXPECT_THAT(uses("if command -v tree && test -d x; then tree; fi"), ElementsAre("tree?"));
}

TEST(ShellScript, ANegativeGuardIsNone) {
  EXPECT_THAT(uses("command -v tree || apt-get install -y tree\ntree"), ElementsAre("tree"));
  EXPECT_THAT(uses("if ! command -v tree; then\n  apt-get install tree\nfi\ntree"),
              ElementsAre("tree"));
  EXPECT_THAT(uses("if ! command -v tree; then tree; fi"), ElementsAre("tree"));
  EXPECT_THAT(uses("command -v tree || exit 1\ntree"), ElementsAre("tree"));
  EXPECT_THAT(uses("if command -v jq || command -v tree; then tree; fi"), ElementsAre("tree"));
  EXPECT_THAT(uses("if command -v tree; then echo; fi\ntree"), ElementsAre("tree"));
  EXPECT_THAT(uses("if command -v tree; then :; else tree; fi"), ElementsAre("tree"));
  EXPECT_THAT(uses("command -v tree && echo yes || tree"), ElementsAre("tree"));
  EXPECT_THAT(uses("command -v jq && tree"), ElementsAre("tree"));
}

bool tolerated(std::string_view script) {
  for (const ShellCommand& command : shell_commands(script)) {
    if (command.words[0] == "apt-get") return command.tolerated;
  }
  ADD_FAILURE() << "no apt-get in " << script;
  return false;
}

TEST(ShellScript, ToldApartWhetherAFailureEndsTheScript) {
  EXPECT_TRUE(tolerated("sudo apt-get install -y tree || true"));
  EXPECT_TRUE(tolerated("apt-get install -y tree || echo 'no tree'"));
  EXPECT_TRUE(tolerated("if ! apt-get install tree; then echo without; fi"));
  EXPECT_FALSE(tolerated("apt-get install -y tree"));
  EXPECT_FALSE(tolerated("apt-get install -y tree || exit 1"));
  EXPECT_FALSE(tolerated("apt-get install -y tree || { echo no; exit 1; }"));
  EXPECT_FALSE(tolerated("if ! apt-get install tree; then exit 1; fi"));
}

TEST(ShellScript, SaysTheLine) {
  const auto commands = shell_commands("a\n\nb \\\n  x\nc $(\n d)\n");
  ASSERT_EQ(commands.size(), 4U);
  EXPECT_EQ(commands[0].line, 1);
  EXPECT_EQ(commands[1].line, 3);
  EXPECT_EQ(commands[2].line, 6);  // d, within c
}

TEST(ShellScript, BrokenScriptsEnd) {
  for (const char* script : {"$(",      "\"",     "'",     "`",     "${",
                             "((",      "))",     "<<",    "<<EOF", "if if if",
                             "fi fi",   "}",      "case",  "\\",    "esac done fi } )",
                             "&&",      "|| ||",  "a && ", "sudo",  "sudo -u",
                             "timeout", "x=$(((("}) {
    static_cast<void>(shell_commands(script));
  }
  std::string deep;
  for (int i = 0; i < 20000; ++i) deep += "$(";
  static_cast<void>(shell_commands(deep));
  std::string blocks;
  for (int i = 0; i < 20000; ++i) blocks += "if ";
  static_cast<void>(shell_commands(blocks));
}

}  // namespace
}  // namespace skillaudit
