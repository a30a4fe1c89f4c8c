#include "harness/words/shell_block.h"

#include <gmock/gmock.h>

namespace skillaudit {
namespace {

using testing::HasSubstr;

BlockCommand block(const std::string& language, const std::string& code) {
  return command_of({1, language, code});
}

TEST(ShellBlock, IsRunAsItStands) {
  for (const char* language : {"sh", "bash", "shell", "zsh"}) {
    EXPECT_EQ(block(language, "# list\nls \\\n  -l\n").command, "# list\nls \\\n  -l\n");
    EXPECT_EQ(block(language, "ls\n").reason_not_run, "");
  }
}

TEST(ShellBlock, WithPromptsLosesThemAndItsOutput) {
  EXPECT_EQ(block("console", "$ ls\na.txt\n$ cat a.txt\nhello\n").command, "ls\ncat a.txt\n");
  EXPECT_EQ(block("bash", "$ ls\na.txt\n").command, "ls\n");
  EXPECT_EQ(block("", "$ whatever --now\ndone\n").command, "whatever --now\n");
  EXPECT_EQ(block("console", "ann@host:~/src$ make\ncc x.c\nroot@host:/# id\nuid=0\n").command,
            "make\nid\n");
}

TEST(ShellBlock, KeepsTheLinesThatContinueACommand) {
  EXPECT_EQ(block("console", "$ echo a \\\n    b\na b\n$ for x in 1 2\n> do echo $x\n> done\n1\n")
                .command,
            "echo a \\\n    b\nfor x in 1 2\ndo echo $x\ndone\n");
}

TEST(ShellBlock, WithoutPromptsInASessionIsRunOnlyIfAllLinesAreCommands) {
  EXPECT_EQ(block("console", "npm install\nnpm test\n").command, "npm install\nnpm test\n");
  EXPECT_EQ(block("console", "npm install\nadded 3 packages\n").command, "");
  EXPECT_THAT(block("console", "npm install\nadded 3 packages\n").reason_not_run,
              HasSubstr("shows no prompt"));
}

TEST(ShellBlock, WithoutALanguageIsRunOnlyIfEveryLineLooksLikeACommand) {
  EXPECT_EQ(block("", "git clone x\ncd x && make\n").command, "git clone x\ncd x && make\n");
  EXPECT_EQ(block("", "NAME=x scripts/run.sh\n./scripts/run.sh --all\n").command,
            "NAME=x scripts/run.sh\n./scripts/run.sh --all\n");
  for (const char* prose : {"my-skill/\n├── SKILL.md\n", "Make sure that it works\n",
                            "find the report that fits best\n", "ls -l\ntotal 12\n", "{\"a\": 1}\n",
                            "scripts/\n", "echo this is what you should say to them.\n"}) {
    EXPECT_EQ(block("", prose).command, "") << prose;
    EXPECT_EQ(block("", prose).reason_not_run, "") << prose;
  }
}

TEST(ShellBlock, InAnotherLanguageIsGivenToItsInterpreter) {
  EXPECT_EQ(block("python", "print(1)\n").command, "python3 - <<'END'\nprint(1)\nEND\n");
  EXPECT_TRUE(block("python", "print(1)\n").fragment);
  EXPECT_EQ(block("python", "END\n").command, "python3 - <<'END_'\nEND\nEND_\n");
  EXPECT_EQ(block("js", "import a from 'a'\n").command,
            "node --input-type=module - <<'END'\nimport a from 'a'\nEND\n");
}

TEST(ShellBlock, InALanguageThatNoGuestRunsSaysSo) {
  EXPECT_EQ(block("powershell", "Get-Item x\n").command, "");
  EXPECT_EQ(block("powershell", "Get-Item x\n").reason_not_run,
            "the block is powershell, for which this machine has no interpreter");
}

TEST(ShellBlock, OfDataOrProseIsNothingToRun) {
  for (const char* language : {"json", "yaml", "text", "markdown", "html", "diff", "mermaid"}) {
    EXPECT_EQ(block(language, "ls\n").command, "");
    EXPECT_EQ(block(language, "ls\n").reason_not_run, "");
  }
}

TEST(ShellBlock, WithoutCodeIsNothingToRun) {
  EXPECT_EQ(block("sh", "# nothing\n\n").command, "");
  EXPECT_EQ(block("sh", "# nothing\n\n").reason_not_run, "");
  EXPECT_EQ(block("python", "").reason_not_run, "");
}

TEST(ShellBlock, WithAPlaceholderSaysWhich) {
  EXPECT_EQ(block("sh", "git clone <your-repository>\n").reason_not_run,
            "the block has a placeholder: <your-repository>");
}

TEST(ShellBlock, ThatNeedsATerminalSaysWhy) {
  EXPECT_EQ(block("sh", "vim notes.md\n").reason_not_run, "the block needs a terminal: vim");
}

TEST(ShellBlock, WithNulBytesIsNotRun) {
  EXPECT_THAT(block("sh", std::string("ls\0\n", 4)).reason_not_run, HasSubstr("NUL"));
}

}  // namespace
}  // namespace skillaudit
