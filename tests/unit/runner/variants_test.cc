#include "harness/runner/variants.h"

#include <gmock/gmock.h>

namespace skillaudit {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

Skill skill_with(const std::string& path, const std::string& code) {
  Skill skill;
  skill.texts.push_back({path, code, false, true});
  return skill;
}

std::vector<std::string> commands(const Skill& skill, const std::string& command) {
  PlannedStep step;
  step.name = "SKILL.md:3";
  step.command = command;
  std::vector<std::string> found;
  for (const PlannedStep& each : subcommand_steps(skill, {step})) {
    EXPECT_TRUE(each.tentative);
    found.push_back(each.command);
  }
  return found;
}

TEST(Subcommands, ThatTheCodeKnowsAndNoStepGivesAreSteps) {
  EXPECT_THAT(commands(skill_with("scripts/s.py",
                                  "sub.add_parser(\"list\")\nsub.add_parser('doctor', help='x')\n"),
                       "python3 /s/scripts/s.py list\n"),
              ElementsAre("python3 /s/scripts/s.py doctor"));
  EXPECT_THAT(commands(skill_with("s.sh",
                                  "#!/bin/sh\ncase \"${1:-}\" in\n  list|ls) a ;;\n  sync)\n    b\n"
                                  "    ;;\n  -h|--help|help) c ;;\n  *) d ;;\nesac\n"),
                       "bash /s/s.sh ls"),
              ElementsAre("bash /s/s.sh list", "bash /s/s.sh sync"));
  EXPECT_THAT(
      commands(skill_with("cli.js", "program.command('add <name>').action(f)\n"), "node /s/cli.js"),
      ElementsAre("node /s/cli.js add"));
}

TEST(Subcommands, OfWhatNoStepRunsByItselfAreNone) {
  const Skill skill = skill_with("s.py", "sub.add_parser('sync')\n");
  EXPECT_THAT(commands(skill, "cat x | python3 /s/s.py"), IsEmpty());
  EXPECT_THAT(commands(skill, "ls"), IsEmpty());
  EXPECT_THAT(
      commands(skill_with("s.sh", "case \"$answer\" in\n  yes) a ;;\nesac\n"), "bash /s/s.sh"),
      IsEmpty());
}

TEST(ComparedVariables, HaveTheWordThatTheCodeComparesThemWith) {
  EXPECT_THAT(compared_variables(skill_with(
                  "a.py",
                  "if os.environ.get(\"APP_ENV\", \"dev\") != \"production\":\n  exit()\n"
                  "if os.getenv('DEBUG') == '1':\n  x()\n")),
              ElementsAre(Pair("APP_ENV", "production")));
  EXPECT_THAT(compared_variables(skill_with(
                  "a.sh", "[ \"${STAGE:-dev}\" = live ] && x\n[ \"$SHELL\" = zsh ] && y\n")),
              ElementsAre(Pair("STAGE", "live")));
  EXPECT_THAT(compared_variables(skill_with(
                  "a.js",
                  "if (process.env.TIER === 'gold') a();\nconst port = process.env.PORT || "
                  "b;\nlet c = 3;\n")),
              ElementsAre(Pair("TIER", "gold")));
}

}  // namespace
}  // namespace skillaudit
