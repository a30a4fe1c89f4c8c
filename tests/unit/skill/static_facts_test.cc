#include "harness/skill/static_facts.h"

#include <gmock/gmock.h>

namespace skillaudit {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<std::string> paths(std::string_view line) {
  std::vector<std::string> found;
  for (const HardCodedPath& path : hard_coded_paths_in(line))
    found.push_back(path.path + " -> " + path.suggestion);
  return found;
}

TEST(HardCodedPaths, AreFoundAsWritten) {
  EXPECT_THAT(paths("cache_dir=\"/home/ubuntu/.claude/cache\""),
              ElementsAre("/home/ubuntu/.claude/cache -> $HOME/.claude/cache"));
  EXPECT_THAT(paths("cd /Users/ann/My-Project/; ls"),
              ElementsAre("/Users/ann/My-Project -> $HOME/My-Project"));
  EXPECT_THAT(paths("see /home/ann."), ElementsAre("/home/ann -> $HOME"));
  EXPECT_THAT(paths("cc -I/home/ann/include -L /home/bob/lib"),
              ElementsAre("/home/ann/include -> $HOME/include", "/home/bob/lib -> $HOME/lib"));
  EXPECT_THAT(paths("PATH=/usr/bin:/home/ann/bin:/bin"), ElementsAre("/home/ann/bin -> $HOME/bin"));
  EXPECT_THAT(paths("#!/home/ann/bin/python"),
              ElementsAre("/home/ann/bin/python -> $HOME/bin/python"));
  EXPECT_THAT(paths("cp /home/ann/$name/x ."), ElementsAre("/home/ann -> $HOME"));
}

TEST(HardCodedPaths, AreFoundInWindowsNotation) {
  EXPECT_THAT(paths("open('C:\\\\Users\\\\ann\\\\x.txt')"),
              ElementsAre("C:\\\\Users\\\\ann\\\\x.txt -> $HOME/x.txt"));
  EXPECT_THAT(paths("cd C:\\Users\\ann\\src"), ElementsAre("C:\\Users\\ann\\src -> $HOME/src"));
  EXPECT_THAT(paths("cd D:/Users/ann/src"), ElementsAre("D:/Users/ann/src -> $HOME/src"));
}

TEST(HardCodedPaths, AreNotThoseWithoutALiteralName) {
  EXPECT_THAT(paths("ls /home/$USER/x /home/${USER}/x /home/<user>/x /home/*/x /home/{user}/x"),
              IsEmpty());
  EXPECT_THAT(paths("printf '/home/%s/x' \"$(id -un)\""), IsEmpty());
  EXPECT_THAT(paths("ls /home/ /home /Users"), IsEmpty());
  EXPECT_THAT(paths("C:\\Users\\%USERNAME%\\x"), IsEmpty());
}

TEST(HardCodedPaths, AreNotPartsOfUrlsAndLongerPaths) {
  EXPECT_THAT(paths("curl https://example.com/home/ann/x"), IsEmpty());
  EXPECT_THAT(paths("curl https://example.com:8080/home/ann/x"), IsEmpty());
  EXPECT_THAT(paths("curl https://example.com/?q=a:/home/ann/x"), IsEmpty());
  EXPECT_THAT(paths("ls $ROOT/home/ann ./home/ann ~/home/ann /mnt/home/ann ${R}/home/ann"),
              IsEmpty());
}

TEST(HardCodedPaths, AreNotHomesThatAreTheSameEverywhere) {
  EXPECT_THAT(paths("eval \"$(/home/linuxbrew/.linuxbrew/bin/brew shellenv)\""), IsEmpty());
  EXPECT_THAT(paths("ls /Users/Shared/x C:\\Users\\Public\\x"), IsEmpty());
}

TEST(HardCodedPaths, OfScriptsHaveFileAndLine) {
  const auto found = find_hard_coded_paths(
      {{"scripts/x.sh",
        "#!/bin/sh\n# as in /home/ann/comment\ncd /home/ann/a\ncd /home/ann/a; cd /home/ann/b\n",
        false, true}});
  ASSERT_THAT(found, SizeIs(3));
  EXPECT_EQ(found[0].file, "scripts/x.sh");
  EXPECT_EQ(found[0].line, 3);
  EXPECT_EQ(found[1].line, 4);
  EXPECT_EQ(found[2].path, "/home/ann/b");
}

TEST(HardCodedPaths, TheSameOnALineCountsOnce) {
  EXPECT_THAT(find_hard_coded_paths({{"x.sh", "cp /home/ann/a /home/ann/a\n", false, true}}),
              SizeIs(1));
}

TEST(HardCodedPaths, OfDocumentsAreThoseOfTheirCodeBlocks) {
  const auto found =
      find_hard_coded_paths({{"SKILL.md",
                              "Prose on /home/ann/prose\n\n```sh\ncd /home/ann/code\ncd "
                              "/home/username/x /Users/you/y\n```\n",
                              true, false}});
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].path, "/home/ann/code");
  EXPECT_EQ(found[0].line, 4);
}

TEST(HardCodedPaths, OfOtherTextsDoNotCount) {
  EXPECT_THAT(find_hard_coded_paths({{"log.txt", "/home/ann/x\n", false, false}}), IsEmpty());
}

TEST(HardCodedPaths, AreBoundedInEachFile) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "cd /home/ann/" + std::to_string(i) + "\n";
  EXPECT_THAT(find_hard_coded_paths({{"x.sh", text, false, true}}), SizeIs(200));
}

}  // namespace
}  // namespace skillaudit
