// Which words of a command name the skill's files, and get its folder put before them.
#include "harness/runner/skill_words.h"

#include <gmock/gmock.h>

namespace skillaudit {
namespace {

Skill skill() {
  Skill skill;
  for (const char* path : {"SKILL.md", "README.md", "install", "references/api.md",
                           "scripts/lib/table.py", "scripts/run.sh", "scripts/sum up.py"})
    skill.files.push_back({path, 0644, 1, "", ""});
  return skill;
}

LocatedCommand located(std::string_view command, const std::string& folder = "/s") {
  return locate_skill_files(command, SkillPaths(skill()), folder);
}

struct Case {
  const char* command;
  const char* becomes;
};

class Rewritten : public testing::TestWithParam<Case> {};

TEST_P(Rewritten, Command) {
  const LocatedCommand found = located(GetParam().command);
  EXPECT_EQ(found.command, GetParam().becomes);
  EXPECT_FALSE(found.needs_skill_folder);
}

INSTANTIATE_TEST_SUITE_P(
    All, Rewritten,
    testing::Values(
        Case{"bash scripts/run.sh", "bash /s/scripts/run.sh"},
        Case{"./scripts/run.sh a b", "/s/scripts/run.sh a b"},
        Case{"python3 'scripts/sum up.py' --in=references/api.md",
             "python3 /s/'scripts/sum up.py' --in=/s/references/api.md"},
        Case{"cat README.md | wc -l; ls scripts/", "cat /s/README.md | wc -l; ls /s/scripts/"},
        Case{"find scripts -name '*.sh'", "find /s/scripts -name '*.sh'"},
        Case{"for f in scripts/*.sh; do bash \"$f\"; done",
             "for f in /s/scripts/*.sh; do bash \"$f\"; done"},
        Case{"x=$(bash scripts/run.sh) && echo $x", "x=$(bash /s/scripts/run.sh) && echo $x"},
        Case{"bash scripts/run.sh < references/api.md > out.txt 2>&1",
             "bash /s/scripts/run.sh < /s/references/api.md > out.txt 2>&1"},
        Case{"PYTHONPATH=scripts python3 -V", "PYTHONPATH=/s/scripts python3 -V"},
        Case{"bash scripts/run.sh # scripts/run.sh sums up",
             "bash /s/scripts/run.sh # scripts/run.sh sums up"}));

class Untouched : public testing::TestWithParam<const char*> {};

TEST_P(Untouched, Command) {
  const LocatedCommand found = located(GetParam());
  EXPECT_EQ(found.command, GetParam());
  EXPECT_FALSE(found.needs_skill_folder);
}

INSTANTIATE_TEST_SUITE_P(All, Untouched,
                         testing::Values("git ls-files | xargs grep -n TODO",
                                         "cat src/main.py ../scripts/run.sh /etc/hosts",
                                         "git add README.md scripts", "install -m 755 a b",
                                         "echo scripts README.md", "make install",
                                         "bash ~/scripts/run.sh $HOME/scripts/run.sh",
                                         "cat <<'EOF' > notes.md\nsee the scripts\nEOF\n"));

class InSkillFolder : public testing::TestWithParam<const char*> {};

TEST_P(InSkillFolder, Command) { EXPECT_TRUE(located(GetParam()).needs_skill_folder); }

INSTANTIATE_TEST_SUITE_P(All, InSkillFolder,
                         testing::Values("cd scripts && ./run.sh", "pushd ./scripts/lib",
                                         "python3 -c \"print(open('references/api.md').read())\"",
                                         "python3 - <<'EOF'\nopen('references/api.md')\nEOF\n",
                                         "python3 - <<'EOF'\nfrom scripts.lib import table\nEOF\n",
                                         "python3 -m scripts.lib.table",
                                         "bash -c \"cat ./references/api.md\""));

TEST(SkillWords, QuotesAFolderThatNeedsIt) {
  EXPECT_EQ(located("bash scripts/run.sh", "/my skills/s").command,
            "bash '/my skills/s/'scripts/run.sh");
}

TEST(SkillWords, TakesAnyText) {
  for (const char* text : {"", "'", "\"scripts/run.sh", "\\", "<<", "<<'EOF'\nscripts", "$(", "#"})
    (void)located(text);
}

}  // namespace
}  // namespace skillaudit
