// Which variables of the environment a skill expects.
#include "harness/skill/variables.h"

#include <gmock/gmock.h>

namespace skillaudit {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> names(const std::string& path, const std::string& text,
                               bool documents = false) {
  Skill skill;
  skill.texts.push_back({path, text, documents, !documents});
  std::vector<std::string> names;
  for (const SkillVariable& variable : variables_of(skill))
    names.push_back(variable.name + (variable.required ? "!" : "") +
                    (variable.has_default ? "?" : ""));
  return names;
}

TEST(Variables, OfAShellScriptAreThoseThatItReads) {
  EXPECT_THAT(names("a.sh", "curl \"$API_URL\" -H \"X: ${API_KEY}\" ${PORT:-80} ${BASE_TOKEN:?}\n"),
              ElementsAre("API_KEY", "API_URL", "BASE_TOKEN!", "PORT?"));
  EXPECT_THAT(names("run", "echo $A_TOKEN\n"), ElementsAre("A_TOKEN"));
  EXPECT_THAT(names("a.sh", "OUT=${OUT:-out}\n"), ElementsAre("OUT?"));
}

TEST(Variables, AreNotThoseThatTheScriptOrTheMachineSets) {
  EXPECT_THAT(names("a.sh", "OUT=a.txt\necho $OUT $HOME ${PATH} $BASH_SOURCE $LC_ALL\n"),
              IsEmpty());
  EXPECT_THAT(names("a.sh", "for FILE in *; do echo $FILE; done\nread -r LINE\necho $LINE\n"),
              IsEmpty());
  EXPECT_THAT(names("a.sh", "echo $1 $@ $lower \\$ESCAPED $Mixed\n"), IsEmpty());
}

TEST(Variables, OfProgramsAreReadByTheirLibraries) {
  EXPECT_THAT(names("a.py",
                    "os.environ['A_KEY']\nos.environ.get(\"B_KEY\")\nos.getenv('C_KEY', 'x')\n"
                    "os.environ['D_KEY'] = 'x'\n"),
              ElementsAre("A_KEY!", "B_KEY", "C_KEY?", "D_KEY?"));
  EXPECT_THAT(names("a.mjs",
                    "process.env.A_KEY; process.env['B_KEY'] || 'x'; process.env.C_KEY ?? 1\n"
                    "`${NOT_ONE}`\n"),
              ElementsAre("A_KEY", "B_KEY?", "C_KEY?"));
}

TEST(Variables, OfDocumentsStandInBackTicksOrInCommands) {
  EXPECT_THAT(names("SKILL.md",
                    "Set `ACME_API_KEY`, not `README` or ACME_TOKEN.\n\n    ls $SRC_DIR\n", true),
              ElementsAre("ACME_API_KEY", "SRC_DIR"));
}

TEST(Variables, AreBounded) {
  std::string text;
  for (int i = 100; i < 400; ++i) text += "$VARIABLE_" + std::to_string(i) + "\n";
  EXPECT_EQ(names("a.sh", text).size(), kMostVariables);
}

}  // namespace
}  // namespace skillaudit
