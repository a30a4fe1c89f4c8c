#include "harness/words/placeholders.h"

#include <gtest/gtest.h>

namespace skillaudit {
namespace {

TEST(Placeholders, AreFound) {
  EXPECT_EQ(find_placeholder("greet <your-name>"), "<your-name>");
  EXPECT_EQ(find_placeholder("greet --to \"<first name>\""), "<first name>");
  EXPECT_EQ(find_placeholder("curl -H \"key: YOUR_API_KEY\""), "YOUR_API_KEY");
  EXPECT_EQ(find_placeholder("export KEY=sk-your-key-here"), "sk-your-key-here");
  EXPECT_EQ(find_placeholder("cat /path/to/file"), "path/to/");
  EXPECT_EQ(find_placeholder("tool [options] x"), "[options]");
  EXPECT_EQ(find_placeholder("tool [--verbose]"), "[--verbose]");
  EXPECT_EQ(find_placeholder("tool a [--cols N] b"), "[--cols N]");
  EXPECT_EQ(find_placeholder("tool [-n COUNT]"), "[-n COUNT]");
  EXPECT_EQ(find_placeholder("git commit -m \"...\""), "\"...\"");
  EXPECT_EQ(find_placeholder("ls\ntool …"), "…");
}

TEST(Placeholders, AreNotShellSyntax) {
  for (const char* code : {"sort <in >out",
                           "sort < in.txt > out.txt",
                           "diff <(ls a) <(ls b)",
                           "cat <<EOF\n<your-name>\nEOF",
                           "cat > x.html <<'END'\n<p>YOUR_NAME ...</p>\nEND\nls",
                           "read x <<<word",
                           "[ -f x ] && [[ $a == b ]]",
                           "ls file[0-9].txt",
                           "x = [-1, 2] + [-y, z]",
                           "if [ -n \"$a\" ]",
                           "echo \"$YOUR_NAME ${YOUR_NAME}\"",
                           "YOUR_NAME=ann greet",
                           "go test ./...",
                           "echo '<html><body>'",
                           "mktemp x.XXXX",
                           "# for <name>\nls",
                           "ls # then <name>",
                           "git commit --author 'Ann <ann@example.com>'",
                           "echo $((1 << 2))\nls",
                           "yourself",
                           "cd ..",
                           "ls ../x"})
    EXPECT_EQ(find_placeholder(code), "") << code;
}

TEST(Placeholders, AfterAShiftAreStillFound) {
  EXPECT_EQ(find_placeholder("echo $((1 << 2))\ngreet <name>"), "<name>");
}

TEST(TerminalPrograms, AreFound) {
  EXPECT_EQ(find_terminal_program("ls && sudo nano /etc/hosts"), "nano");
  EXPECT_EQ(find_terminal_program("EDITOR=x vi a"), "vi");
  EXPECT_EQ(find_terminal_program("crontab -e"), "crontab -e");
  EXPECT_EQ(find_terminal_program("docker run -it debian"), "docker -it");
  EXPECT_EQ(find_terminal_program("git rebase -i HEAD~2"), "git rebase -i");
  EXPECT_EQ(find_terminal_program("tmux attach"), "tmux");
}

TEST(TerminalPrograms, AreNotThoseThatWorkWithoutOne) {
  for (const char* code :
       {"ls | less", "emacs --batch -l x.el", "crontab -l", "docker run debian true",
        "git rebase main", "tmux new-session -d", "echo vim", "cat vi", "A=vim"})
    EXPECT_EQ(find_terminal_program(code), "") << code;
}

}  // namespace
}  // namespace skillaudit
