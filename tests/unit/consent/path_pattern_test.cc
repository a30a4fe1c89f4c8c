#include "harness/consent/path_pattern.h"

#include <gtest/gtest.h>

#include "harness/consent/command_match.h"
#include "tests/unit/consent/probe.h"

namespace skillaudit {
namespace {

TEST(CanonicalPath, TakesTheHomeInAllItsForms) {
  for (const char* written : {"~/x/y", "$HOME/x/y", "${HOME}/x/y", "/home/alice/x/y", "~//x/./y/"})
    EXPECT_EQ(canonical_path(written), "~/x/y") << written;
  EXPECT_EQ(canonical_path("${XDG_CACHE_HOME:-$HOME/.cache}/t"), "~/.cache/t");
  EXPECT_EQ(canonical_path("$XDG_CONFIG_HOME/t"), "~/.config/t");
  EXPECT_EQ(canonical_path(".bashrc"), "~/.bashrc");
  EXPECT_EQ(canonical_path(".env"), "./.env");
  EXPECT_EQ(canonical_path("docs/a.md"), "./docs/a.md");
}

TEST(CanonicalPath, PutsAStarForWhatDiffers) {
  EXPECT_EQ(canonical_path("~/n/<name>.md"), "~/n/*.md");
  EXPECT_EQ(canonical_path("~/n/{id}/x"), "~/n/*/x");
  EXPECT_EQ(canonical_path("~/n/YYYY-MM-DD.md"), "~/n/*-*-*.md");
  EXPECT_EQ(canonical_path("~/n/$(date +%F).md"), "~/n/*.md");
}

TEST(CanonicalPath, LeavesNoWayOut) {
  EXPECT_EQ(canonical_path("~/a/../b"), "~/b");
  EXPECT_EQ(canonical_path("~/../etc/passwd"), "");
  EXPECT_EQ(canonical_path("../../x"), "");
  EXPECT_EQ(canonical_path("~root/x"), "");
  EXPECT_EQ(canonical_path("~/${open"), "");
}

TEST(MatchesPath, StarsStayInTheirComponent) {
  EXPECT_TRUE(matches_path("~/n/*.md", "~/n/a.md"));
  EXPECT_FALSE(matches_path("~/n/*.md", "~/n/a/b.md"));
  EXPECT_TRUE(matches_path("~/n/**", "~/n/a/b.md"));
  EXPECT_FALSE(matches_path("~/n/?.md", "~/n/ab.md"));
}

TEST(IsTelling, NeedsLettersInFoldersThatAllShare) {
  EXPECT_TRUE(is_telling("~/notes/*"));
  EXPECT_TRUE(is_telling("/tmp/render-*"));
  EXPECT_FALSE(is_telling("~/*"));
  EXPECT_FALSE(is_telling("/tmp/*"));
  EXPECT_FALSE(is_telling("~/**"));
  EXPECT_FALSE(is_telling("/etc/*"));
}

TEST(WrittenForms, AreThoseOfHomeSkillAndProjects) {
  const ConsentPlaces places = testing::places();
  EXPECT_EQ(written_forms(places, "/home/ubuntu/projects/app/x"),
            (std::vector<std::string>{"~/projects/app/x", "./x"}));
  EXPECT_EQ(written_forms(places, "/etc/../etc/hosts"), (std::vector<std::string>{"/etc/hosts"}));
  EXPECT_EQ(written_forms(places, "/home/ubuntux/a"),
            (std::vector<std::string>{"/home/ubuntux/a"}));
}

TEST(SameCommand, IsNarrow) {
  const ConsentPlaces places = testing::places();
  EXPECT_TRUE(same_command(places, "/bin/bash /opt/x/watch.sh", "watch.sh"));
  EXPECT_TRUE(same_command(places, "/usr/bin/env python3 /home/ubuntu/bin/a.py", "~/bin/a.py"));
  EXPECT_FALSE(same_command(places, "/tmp/a.py", "~/bin/a.py"));
  EXPECT_FALSE(same_command(places, "bash -c 'watch.sh; evil'", "watch.sh"));
  EXPECT_FALSE(same_command(places, "curl https://evil.example", "curl"));
  EXPECT_FALSE(same_command(places, "watch.sh --evil", "watch.sh --fine"));
  EXPECT_FALSE(same_command(places, "", ""));
}

}  // namespace
}  // namespace skillaudit
