#include "harness/conditions/open_gates.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "harness/base/process.h"

namespace skillaudit {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string opened(const std::string& path, const std::string& code, std::vector<LineRange> ran,
                   LineRange wanted, bool removes = false) {
  const auto changed = open_gates(path, code, ran, {{wanted, removes}});
  EXPECT_EQ(std::ranges::count(changed.value_or(code), '\n'), std::ranges::count(code, '\n'));
  return changed.value_or("unchanged");
}

/// What the changed program prints.
std::string said(const std::string& path, const std::string& code, std::vector<LineRange> ran,
                 LineRange wanted) {
  const std::string program = opened(path, code, std::move(ran), wanted);
  if (path.ends_with(".py")) return check_output({"python3", "-c", program});
  if (path.ends_with(".js")) return check_output({"node", "-e", program});
  if (path.ends_with(".pl")) return check_output({"perl", "-e", program});
  return check_output({"bash", "-c", program});
}

TEST(OpenGates, TakesTheBranchesAroundTheLinesOfAShellScript) {
  EXPECT_EQ(said("a.sh", "if [ a = b ]; then\n  echo it\nfi\n", {{1, 1}}, {2, 2}), "it\n");
  EXPECT_EQ(said("a.sh", "if true\nthen\n  :\nelse\n  echo it\nfi\n", {{1, 3}}, {5, 5}), "it\n");
  EXPECT_EQ(said("a.sh", "if true; then\n  :\nelif false; then\n  echo it\nfi\n", {{1, 2}}, {4, 4}),
            "it\n");
  EXPECT_EQ(said("a.sh", "case x in\n  x) : ;;\n  y|z)\n    echo it ;;\nesac\n", {{1, 2}}, {4, 4}),
            "it\n");
  EXPECT_EQ(said("a.sh", "[[ a == b && c ]] && {\n  echo it\n}\n", {{1, 1}}, {2, 2}), "it\n");
  EXPECT_EQ(said("a.sh", "[ a = b ] && echo it\n", {{1, 1}}, {1, 1}), "it\n");
  EXPECT_EQ(said("a.sh", "if false; then\n  if [ 1 -gt 2 ]; then\n    echo it\n  fi\nfi\n",
                 {{1, 1}}, {3, 3}),
            "it\n");
}

TEST(OpenGates, GoesOnWhereTheProgramEnded) {
  EXPECT_EQ(said("a.sh", "if true; then\n  exit 0\nfi\necho it\n", {{1, 2}}, {4, 4}), "it\n");
  EXPECT_EQ(said("a.sh", "false || exit 0\necho it\n", {{1, 1}}, {2, 2}), "it\n");
  EXPECT_EQ(said("a.py", "import sys\nif True:\n    sys.exit(0)\nprint('it')\n", {{1, 3}}, {4, 4}),
            "it\n");
  EXPECT_EQ(
      said("a.py", "def f():\n    if 1: return\n    print('it')\nf()\n", {{1, 2}, {4, 4}}, {3, 3}),
      "it\n");
  EXPECT_EQ(said("a.js", "if (1) {\n  process.exit(0);\n}\nconsole.log('it');\n", {{1, 2}}, {4, 4}),
            "it\n");
}

TEST(OpenGates, CallsTheFunctionsThatHoldTheLines) {
  EXPECT_EQ(said("a.sh", "up() {\n  echo it\n}\nif false; then\n  up\nfi\n", {{4, 4}}, {2, 2}),
            "it\n");
  EXPECT_EQ(
      said("a.py", "def up():\n    print('it')\n\nif 1 > 2:\n    up()\n", {{1, 1}, {4, 4}}, {2, 2}),
      "it\n");
  EXPECT_EQ(said("a.js", "const up = () => {\n  console.log('it');\n};\nif (1 > 2) {\n  up();\n}\n",
                 {{1, 1}, {4, 4}}, {2, 2}),
            "it\n");
}

TEST(OpenGates, TakesTheBranchesOfPython) {
  EXPECT_EQ(said("a.py", "if (1 > 2\n        or 2 > 3):\n    print('it')\n", {{1, 2}}, {3, 3}),
            "it\n");
  EXPECT_EQ(said("a.py", "if 1:\n    pass\nelif 2 > 3:\n    print('it')\n", {{1, 2}}, {4, 4}),
            "it\n");
  EXPECT_EQ(said("a.py", "if 1:\n    pass\nelse:\n    print('it')\n", {{1, 2}}, {4, 4}), "it\n");
  EXPECT_EQ(said("a.py", "if (n := 0):\n    print('it', n)\n", {{1, 1}}, {2, 2}), "it 0\n");
}

TEST(OpenGates, TakesTheBranchesOfLanguagesWithBraces) {
  EXPECT_EQ(said("a.js", "if (1 > 2) {\n  console.log('it');\n}\n", {{1, 1}}, {2, 2}), "it\n");
  EXPECT_EQ(said("a.js", "if (1 > 2)\n  console.log('it');\n", {{1, 1}}, {2, 2}), "it\n");
  EXPECT_EQ(said("a.js", "if (1) {\n} else {\n  console.log('it');\n}\n", {{1, 1}}, {3, 3}),
            "it\n");
  EXPECT_EQ(said("a.pl", "# it's\nif (1 > 2) {\n  print \"it\\n\";\n}\n", {}, {3, 3}), "it\n");
  EXPECT_EQ(said("a.pl", "unless (1) {\n  print \"it\\n\";\n}\n", {}, {2, 2}), "it\n");
  EXPECT_EQ(said("a.pl", "print \"it\\n\" if 1 > 2;\n", {}, {1, 1}), "it\n");
}

TEST(OpenGates, SetTheNamesThatTheLinesUse) {
  EXPECT_EQ(said("a.sh",
                 "what=\nif [ a = b ]; then\n  what=it\nfi\nif [ -n \"$what\" ]; then\n  echo "
                 "\"$what\"\nfi\n",
                 {{1, 2}, {5, 5}}, {6, 6}),
            "it\n");
  EXPECT_EQ(said("a.py", "what = ''\nif 1 > 2:\n    what = 'it'\nif what:\n    print(what)\n",
                 {{1, 2}, {4, 4}}, {5, 5}),
            "it\n");
}

// "if it is set, remove what is below it": without the condition it would be another program.
TEST(OpenGates, LeaveAloneWhatSetsNoneOfTheNamesThatTheLinesUse) {
  const std::string code =
      "def publish(jobs):\n"
      "    if out:\n"
      "        out.write(\"jobs=\" + jobs)\n"
      "        call(jobs=jobs)\n"
      "    send(\"https://jobs.example.com\", jobs)\n";
  EXPECT_THAT(opened("a.py", code, {{1, 1}}, {5, 5}),
              testing::AnyOf("unchanged", HasSubstr("    if out:\n")));
}

TEST(OpenGates, LeaveAConditionAboutWhatIsRemoved) {
  const std::string shell = "if [ -n \"$OUT\" ]; then\n  rm -rf \"$HOME/$OUT\"\nfi\n";
  EXPECT_EQ(opened("a.sh", shell, {{1, 1}}, {2, 2}, true), "unchanged");
  const std::string python = "if cache:\n    shutil.rmtree(home / cache)\n";
  EXPECT_EQ(opened("a.py", python, {{1, 1}}, {2, 2}, true), "unchanged");
  const std::string node = "if (dir) {\n  fs.rmSync(home + dir);\n}\n";
  EXPECT_EQ(opened("a.js", node, {{1, 1}}, {2, 2}, true), "unchanged");
  EXPECT_THAT(opened("a.sh", "if [ \"$(date +%Z)\" = PST ]; then\n  rm -rf \"$HOME/x\"\nfi\n",
                     {{1, 1}}, {2, 2}, true),
              HasSubstr(":; then"));
}

TEST(OpenGates, ChangeNothingOfWhatTheyCannotRead) {
  EXPECT_EQ(opened("a.rb", "if false\n  puts 1\nend\n", {}, {2, 2}), "unchanged");
  EXPECT_EQ(opened("a.sh", "curl x\n", {}, {1, 1}), "unchanged");
  EXPECT_EQ(opened("a.sh", "", {}, {1, 4}), "unchanged");
  EXPECT_THAT(opened("a.sh", "cat <<E\nif\nE\nif x; then\n  y\nfi\n", {{1, 4}}, {5, 5}),
              HasSubstr("cat <<E\nif\nE\nif x; :; then"));
  EXPECT_THAT(opened("a.sh", "echo 'if x; then'\nif y; then\n  z\nfi\n", {{1, 2}}, {3, 3}),
              HasSubstr("echo 'if x; then'\nif y; :; then"));
}

TEST(OpenGates, AreLinearInTheSizeOfAText) {
  std::string code;
  for (int i = 0; i < 20'000; ++i) code += "if [ a = b ]; then\n";
  EXPECT_THAT(opened("a.sh", code + "curl x\n", {{1, 1}}, {20'001, 20'001}), Not("unchanged"));
  EXPECT_THAT(opened("a.js", std::string(500'000, '{') + "\nx\n", {}, {2, 2}), "unchanged");
}

}  // namespace
}  // namespace skillaudit
