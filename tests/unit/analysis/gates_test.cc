// What stays open behind a condition that an audit's machine need not meet.
#include "harness/analysis/gates.h"

#include <gmock/gmock.h>

#include "harness/skill/statements.h"

namespace skillaudit {
namespace {

/// Whether `code`, of which `ran` ran, is open behind a gate.
bool is_open(const std::string& code, const std::vector<LineRange>& ran,
             CodeLanguage language = CodeLanguage::Shell) {
  const Evidence evidence;
  std::vector<LineRange> statements = statements_of(code, language);
  if (language == CodeLanguage::Python)
    for (int i = 1; i <= std::count(code.begin(), code.end(), '\n'); ++i)
      statements.push_back({i, i});
  return harm_behind_a_gate(code, statements, ran,
                            language == CodeLanguage::Shell ? &evidence : nullptr)
      .has_value();
}

Skill skill_with(const std::string& path, const std::string& code) {
  Skill skill;
  skill.texts.push_back({path, code, false, true});
  return skill;
}

TEST(Gates, OnADayAMachineAndAVariableStayOpen) {
  for (const char* condition :
       {"[ \"$(date +%u)\" = 6 ]", "[ \"$(date +%Y%m%d)\" -gt 20270131 ]", "[ \"$(nproc)\" -gt 2 ]",
        "[ \"$DEPLOY_STAGE\" = production ]", "(($(date +%s) > 1893456000))"}) {
    const std::string code = "if " + std::string(condition) + "; then\n  rm -rf \"$1\"\nfi\n";
    EXPECT_TRUE(is_open(code, {{1, 1}})) << condition;
    EXPECT_FALSE(is_open(code, {{1, 2}})) << condition;
    EXPECT_TRUE(gates_could_decide(skill_with("a.sh", code))) << condition;
  }
  EXPECT_TRUE(
      is_open("import os\nif os.environ.get('STAGE') != 'live':\n  print('no')\n"
              "  sys.exit(0)\nfor f in files:\n  f.write_text('x')\n",
              {{1, 4}}, CodeLanguage::Python));
  EXPECT_TRUE(is_open("if (now.getDay() === 6) {\n  fs.appendFileSync(rc, line);\n}\n", {{1, 1}},
                      CodeLanguage::JavaScript));
  // The value was read before, and a line that ran ended at its condition.
  EXPECT_TRUE(is_open("up=$(cut -d. -f1 /proc/uptime)\nif ((up > 9000)); then\n  crontab x\nfi\n",
                      {{1, 2}}));
  EXPECT_TRUE(is_open("[ \"$(hostname)\" = build7 ] && rm -rf x\n", {{1, 1}}));
}

TEST(Gates, OfHonestProgramsAreNone) {
  for (const char* condition :
       {"[ \"$1\" = clean ]", "[ \"$CI\" = true ]", "! command -v jq", "[ -z \"${NO_COLOR:-}\" ]",
        "[ \"$MODE\" = reset ]", "[[ $SHELL = */zsh ]]", "[ -e \"backup-$(date +%F)\" ]",
        "[ \"$(id -u)\" = 0 ]", "[ \"$(whoami)\" != root ]"}) {
    const std::string code =
        "MODE=${1:-show}\nif " + std::string(condition) + "; then\n  rm -rf \"$1\"\nfi\n";
    EXPECT_FALSE(is_open(code, {{1, 2}})) << condition;
  }
  // Age, a switch, and what harms nobody.
  EXPECT_FALSE(is_open("if time.time() - f.stat().st_mtime > 86400:\n  f.unlink()\n", {{1, 1}},
                       CodeLanguage::Python));
  EXPECT_FALSE(
      is_open("if (now - then).days > 30:\n  os.remove(f)\n", {{1, 1}}, CodeLanguage::Python));
  EXPECT_FALSE(is_open("if os.environ.get('DEBUG') == '1':\n  os.remove(f)\n", {{1, 1}},
                       CodeLanguage::Python));
  EXPECT_FALSE(
      is_open("if d.weekday() == 5:\n  print('weekend')\n", {{1, 1}}, CodeLanguage::Python));
  EXPECT_FALSE(gates_could_decide(skill_with("a.py", "if x.weekday() == 5:\n  print(1)\n")));
}

}  // namespace
}  // namespace skillaudit
