#include "harness/runner/script_command.h"
#include "harness/skill/named_files.h"

#include <gmock/gmock.h>

namespace skillaudit {
namespace {

using testing::HasSubstr;

ScriptCommand script(const std::string& path, const std::string& text, unsigned mode = 0644,
                     bool executable = true) {
  const SkillText content{path, text, false, executable};
  return command_of_script({path, mode, text.size(), "", ""}, &content);
}

TEST(ScriptCommand, GoesByXBitThenShebangThenSuffix) {
  EXPECT_EQ(script("scripts/x.py", "#!/usr/bin/env python3\n", 0755).command, "'./scripts/x.py'");
  EXPECT_EQ(script("scripts/x.py", "#!/usr/bin/env -S python3 -u\n").command,
            "python3 './scripts/x.py'");
  EXPECT_EQ(script("scripts/x.sh", "#!/bin/dash\n").command, "dash './scripts/x.sh'");
  EXPECT_EQ(script("scripts/x.py", "print()\n", 0755).command, "python3 './scripts/x.py'");
  EXPECT_EQ(script("scripts/x.js", "\n").command, "node './scripts/x.js'");
  EXPECT_EQ(script("scripts/deep/x.sh", "\n").command, "bash './scripts/deep/x.sh'");
  EXPECT_EQ(script("scripts/launch", "true\n", 0755).command, "'./scripts/launch'");
}

TEST(ScriptCommand, QuotesWhatAShellWouldRead) {
  EXPECT_EQ(script("scripts/a b's.sh", "\n").command, "bash './scripts/a b'\\''s.sh'");
}

TEST(ScriptCommand, TakesNothingUnsafeFromTheShebang) {
  EXPECT_EQ(script("scripts/x.sh", "#!/bin/$(reboot)\n").command, "bash './scripts/x.sh'");
}

TEST(ScriptCommand, RunsPrograms) {
  EXPECT_EQ(command_of_script({"scripts/tool", 0755, 9, "", ""}, nullptr).command,
            "'./scripts/tool'");
  EXPECT_EQ(command_of_script({"scripts/tool.bin", 0644, 9, "", ""}, nullptr).command, "");
}

TEST(ScriptCommand, SaysWhyAScriptOfAnotherWorldIsNotRun) {
  EXPECT_EQ(script("scripts/x.ps1", "\n").reason_not_run, "the script needs PowerShell");
  EXPECT_THAT(script("scripts/x.lua", "\n").reason_not_run, HasSubstr("no #! line"));
}

TEST(ScriptCommand, LeavesOutWhatIsNothingToRun) {
  for (const auto& nothing :
       {script("node_modules/x.sh", "\n"), script("scripts/__init__.py", "\n"),
        script("scripts/data.json", "{}", 0644, false), script("scripts/node_modules/a/x.js", "\n"),
        script("scripts/.venv/bin/x.py", "\n"),
        command_of_script({"scripts/link.sh", 0777, 0, "", "x.sh"}, nullptr)}) {
    EXPECT_EQ(nothing.command, "");
    EXPECT_EQ(nothing.reason_not_run, "");
  }
}

TEST(MentionsFile, KnowsWordsOfTheirOwn) {
  EXPECT_TRUE(mentions_file("bash scripts/x.sh --all", "scripts/x.sh"));
  EXPECT_TRUE(mentions_file("cd scripts && ./x.sh", "scripts/x.sh"));
  EXPECT_TRUE(mentions_file("\"$HOME/.claude/skills/demo/scripts/x.sh\"", "scripts/x.sh"));
  EXPECT_FALSE(mentions_file("bash scripts/ax.sh", "scripts/x.sh"));
  EXPECT_FALSE(mentions_file("bash scripts/x.sh.bak", "scripts/x.sh"));
  EXPECT_FALSE(mentions_file("bash scripts/y.sh", "scripts/x.sh"));
}

}  // namespace
}  // namespace skillaudit
