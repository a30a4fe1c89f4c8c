#include <gmock/gmock.h>

#include "harness/runner/javascript_module.h"
#include "harness/runner/module_calls.h"
#include "harness/runner/python_module.h"
#include "harness/skill/named_files.h"

namespace skillaudit {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string name_of(const SkillText& text) { return module_calls(text).name; }

TEST(ModuleCalls, GiveWhatTheNamesOfParametersAskFor) {
  const SkillText text{"lib/report.py",
                       "def rows(csv_path, limit: int, *, names: list[str], deep=False): ...\n"
                       "async def load(url):\n    pass\n"
                       "def _inner(): ...\n"};
  EXPECT_EQ(name_of(text),
            "lib/report.py: rows('stations.csv', 1, names=['example']), "
            "load('https://example.com/')");
  EXPECT_THAT(module_calls(text).command, HasSubstr("lambda: asyncio.run(m.load("));
  EXPECT_THAT(module_calls(text).command, HasSubstr("'./lib/report.py'"));
}

TEST(ModuleCalls, CallTheMethodsOfAClass) {
  const SkillText text{"client.py",
                       "class Client:\n"
                       "    \"\"\"def no(): a text\n"
                       "    \"\"\"\n"
                       "    def __init__(self, token):\n        self.t = token\n\n"
                       "    def send(self, text):\n"
                       "        def inner(): ...\n"};
  EXPECT_EQ(name_of(text), "client.py: Client('example').send('README.md')");
}

TEST(ModuleCalls, GetAPathWhereTheyAskForOne) {
  const SkillText text{"a.py", "def f(file: Path, folder: pathlib.Path | None): ...\n"};
  EXPECT_EQ(name_of(text), "a.py: f(pathlib.Path('README.md'), pathlib.Path('.'))");
}

TEST(ModuleCalls, CouldReachWhatTheModuleCould) {
  const auto reach = [](const std::string& code) {
    Skill skill;
    skill.texts.push_back({"lib/a.py", code});
    skill.files.push_back({.path = "lib/a.py"});
    return in_words(reach_of_command(module_calls(skill.texts[0]).command, skill));
  };
  EXPECT_EQ(reach("def f(): ...\n"), "");
  EXPECT_EQ(reach("import importlib\ndef f(): ...\n"), "code made or fetched at run time");
  const Skill none;
  EXPECT_EQ(in_words(reach_of_command("python3 -c \"import importlib\"", none)),
            "code made or fetched at run time");
  EXPECT_EQ(in_words(reach_of_command(
                "curl x\npython3 -c \"levels = 1\n" + std::string(kLoadsModule) + "\"", none)),
            "the network, code made or fetched at run time")
      << "who copies how the audit begins its own";
}

TEST(ModuleCalls, AreNoneForAProgram) {
  EXPECT_EQ(name_of({"a.py", "def f(): ...\nif __name__ == '__main__':\n    f()\n"}), "");
  EXPECT_EQ(name_of({"a.py", "def f(): ...\nf()\n"}), "");
  EXPECT_EQ(name_of({"a.py", "import os\nX = 1\n"}), "");
  EXPECT_EQ(name_of({"a.sh", "f() { :; }\n"}), "");
  EXPECT_EQ(name_of({"it's.py", "def f(): ...\n"}), "") << "a name that quotes";
}

TEST(ModuleCalls, AreBounded) {
  std::string many;
  for (int i = 0; i < 100; ++i) many += "def f" + std::to_string(i) + "(): ...\n";
  EXPECT_THAT(module_calls({"a.py", many}).command, Not(HasSubstr("m.f40()")));
  EXPECT_THAT(module_calls({"a.py", many}).command, HasSubstr("m.f39()"));
}

TEST(ModuleCalls, OfJavaScriptAreWhatItExports) {
  EXPECT_EQ(name_of({"a.mjs",
                     "export async function send(text, to = 1) {}\n"
                     "export const size = (path) => 1;\nconst own = () => 2;\n"}),
            "a.mjs: send('README.md'), size('README.md')");
  EXPECT_EQ(name_of({"b.js",
                     "function f(n) {}\nconst g = async (dir) => 1;\n"
                     "module.exports = {f, g, h: 3};\n"}),
            "b.js: f(3), g('.')");
  EXPECT_EQ(name_of({"c.js", "console.log(1)\n"}), "");
}

TEST(PythonModule, ReadsAnythingWithoutFault) {
  for (const char* text : {"def", "def f", "def f(", "def f(a=(", "class", "class :\n  def",
                           "\"\"\"", "async", "async def", "def f(*, a, **k): 1"})
    EXPECT_NO_THROW((void)read_python_module(text)) << text;
  EXPECT_NO_THROW((void)exports_of("export "));
  EXPECT_NO_THROW((void)exports_of("module.exports ="));
}

}  // namespace
}  // namespace skillaudit
