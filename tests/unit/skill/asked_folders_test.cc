// Which folders a skill expects on its user's machine.
#include "harness/skill/asked_folders.h"

#include <gmock/gmock.h>

namespace skillaudit {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<std::string> folders(const std::string& text) {
  Skill skill;
  skill.texts.push_back({"scripts/run.sh", text, false, true});
  return folders_of(skill);
}

TEST(AskedFolders, AreThoseThatCodeChangesIntoOrTestsFor) {
  EXPECT_THAT(folders("cd /srv/project || exit 0\n"), ElementsAre("/srv/project"));
  EXPECT_THAT(folders("if [[ -d \"$HOME/work/app\" ]]; then cd ${HOME}/code; fi\n"),
              ElementsAre("~/code", "~/work/app"));
  EXPECT_THAT(folders("os.chdir('/workspace')\ntest -d ~/site/\n"),
              ElementsAre("/workspace", "~/site"));
  EXPECT_THAT(folders("cd /srv/app && cd /srv/app/src"), ElementsAre("/srv/app"));
}

TEST(AskedFolders, AreNoneOfTheSystemsNorHiddenNorTemporary) {
  for (const char* path :
       {"/etc/app",    "/usr/share/x", "/proc/1", "/sys/x", "/dev/x",     "/boot/x", "/var/lib/x",
        "/tmp/work",   "/root/x",      "/run/x",  "/",      "/srv",       "~",       "~/",
        "~/.config/x", "/srv/../etc",  "src",     "$DIR/x", "/srv/$NAME", "/srv/*",  "/srv/.x"})
    EXPECT_THAT(folders(std::string("cd ") + path + "\n"), IsEmpty()) << path;
}

TEST(AskedFolders, AreNotThoseThatTheSkillMakes) {
  EXPECT_THAT(folders("mkdir -p ~/work/app && cd ~/work/app\n"), IsEmpty());
  EXPECT_THAT(folders("git clone https://x.example/a /srv/a\ncd /srv/a\n"), IsEmpty());
}

TEST(AskedFolders, AreFew) {
  std::string text;
  for (char c = 'a'; c < 'k'; ++c) text += std::string("cd /srv/project-") + c + "\n";
  EXPECT_THAT(folders(text), SizeIs(kMostAskedFolders));
}

}  // namespace
}  // namespace skillaudit
