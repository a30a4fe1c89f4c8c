#include <gmock/gmock.h>

#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/temp_dir.h"
#include "harness/sensors/line_log.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Runs programs of a skill on this machine, as a steering clone runs them.
class Tracers : public ::testing::Test {
 protected:
  Tracers() { write_file(log(), ""); }

  void program(const std::string& path, const std::string& text) {
    skill_.texts.push_back({path, text, false, true});
    write_file(folder_.path() / path, text);
  }

  CommandResult run(const std::vector<std::string>& argv) {
    const fs::path tracers = resource("fixtures/tracers/lines.bash").parent_path();
    return run_command(
        argv, {.environment = {{"LINES_TO", log().string()},
                               {"LINES_OF", folder_.path().string()},
                               {"BASH_ENV", tracers / "lines.bash"},
                               {"PYTHONPATH", tracers},
                               {"PYTHONDONTWRITEBYTECODE", "1"},
                               {"NODE_OPTIONS", "--require " + (tracers / "lines.cjs").string()}},
               .working_directory = folder_.path()});
  }

  std::vector<MeasuredLines> lines(const std::vector<Step>& steps = {}) {
    return read_line_log(read_file(log()), skill_, fs::canonical(folder_.path()), steps);
  }
  [[nodiscard]] fs::path log() const { return outside_.path() / "log"; }

  TempDir folder_{fs::temp_directory_path(), "skill-"};
  TempDir outside_{fs::temp_directory_path(), "log-"};
  Skill skill_;
};

TEST_F(Tracers, OfBashTellLinesOfScriptsFunctionsAndSourcedFiles) {
  program("lib.sh", "helper() {\n  echo helped\n  return 3\n  echo never\n}\n");
  program("a.sh",
          "#!/bin/bash\nset -euo pipefail\n. ./lib.sh\ncd /\nhelper || echo \"$?\"\n"
          "for i in 1 2 3; do\n  echo \"$i\" | cat\ndone\nif false; then\n  rm x\nfi\nset +x\n"
          "echo last\n");
  const CommandResult result = run({"bash", "./a.sh"});
  EXPECT_EQ(result.out, "helped\n3\n1\n2\n3\nlast\n");
  EXPECT_EQ(result.err, "");
  EXPECT_THAT(lines(), ElementsAre(MeasuredLines{"a.sh", {{2, 7}, {9, 9}, {12, 13}}, {}},
                                   MeasuredLines{"lib.sh", {{1, 3}}, {}}));
}

TEST_F(Tracers, OfBashTellALoopOnce) {
  program("a.sh", "i=0\nwhile ((i < 20000)); do\n  i=$((i + 1))\ndone\n");
  EXPECT_EQ(run({"bash", "a.sh"}).exit_code, 0);
  EXPECT_LT(fs::file_size(log()), 1000);
  EXPECT_THAT(lines(), ElementsAre(MeasuredLines{"a.sh", {{1, 3}}, {}}));
}

TEST_F(Tracers, OfBashTellLinesOfACommand) {
  const std::string command =
      "echo 'a\tb'\nif false; then\n  echo never\nfi\nf() {\n  echo b\n}\nf\n(echo c)\n";
  EXPECT_EQ(run({"bash", "-c", command}).out, "a\tb\nb\nc\n");
  std::vector<Step> steps(1);
  steps[0] = {.name = "SKILL.md:7", .command = command};
  EXPECT_THAT(lines(steps), ElementsAre(MeasuredLines{"SKILL.md:7", {{1, 2}, {5, 6}, {8, 9}}, {}}));
}

TEST_F(Tracers, OfPythonTellLinesOfProgramsModulesAndThreads) {
  program("m.py", "def f(x):\n    if x:\n        return 1\n    return 2\n");
  program("a.py",
          "import threading\nimport m\n\n\ndef work():\n    print(m.f(1))\n\n\n"
          "thread = threading.Thread(target=work)\nthread.start()\nthread.join()\n"
          "try:\n    raise ValueError\nexcept ValueError:\n    print('caught')\nelse:\n"
          "    print('never')\n");
  EXPECT_EQ(run({"python3", "a.py"}).out, "1\ncaught\n");
  EXPECT_THAT(lines(), ElementsAre(MeasuredLines{"a.py", {{1, 2}, {5, 6}, {9, 15}}, {}},
                                   MeasuredLines{"m.py", {{1, 3}}, {}}));
}

TEST_F(Tracers, OfPythonSayWhichLinesCanRun) {
  program("a.py",
          "# x\ndef f():\n    '''text'''\n    return (\n        1)\n\n\nif f():\n    pass\n");
  program("broken.py", "def f(:\n");
  const CommandResult result =
      run_command({"python3", "-I", "-S", resource("fixtures/tracers/runnable.py")},
                  {.input = folder_.path().string() + "\na.py\nbroken.py\ngone.py"});
  EXPECT_EQ(result.err, "");
  write_file(log(), result.out);
  EXPECT_THAT(lines(), ElementsAre(MeasuredLines{"a.py", {}, {{2, 2}, {4, 5}, {8, 9}}}));
}

TEST_F(Tracers, OfNodeTellLinesOfProgramsAndModules) {
  program("m.mjs", "export function f(x) {\n  if (x) return 1\n  return 2\n}\n");
  program("a.mjs",
          "import { f } from './m.mjs'\nif (process.argv[2] === 'wipe') {\n  console.log('never')\n"
          "}\nconsole.log(f(1))\nprocess.exit(3)\n");
  const CommandResult result = run({"node", "a.mjs"});
  EXPECT_EQ(result.out, "1\n");
  EXPECT_EQ(result.exit_code, 3);
  const std::vector<MeasuredLines> told = lines();
  ASSERT_EQ(told.size(), 2);
  EXPECT_THAT(told[0].ran, ElementsAre(LineRange{1, 2}, LineRange{5, 6}));
  EXPECT_THAT(told[1].ran, ElementsAre(LineRange{1, 2}, LineRange{4, 4}));
}

TEST_F(Tracers, OfNodeTellOfAServerThatIsEnded) {
  program("a.js",
          "setTimeout(() => process.kill(process.pid, 'SIGTERM'), 50)\n"
          "setInterval(() => {}, 1000)\n");
  EXPECT_EQ(run({"node", "a.js"}).exit_code, 128 + 15);
  EXPECT_THAT(lines(), ElementsAre(MeasuredLines{"a.js", {{1, 2}}, {}}));
}

TEST_F(Tracers, LeaveOutWhatIsNotTheSkills) {
  write_file(outside_.path() / "b.sh", "echo b\n");
  EXPECT_EQ(run({"bash", outside_.path() / "b.sh"}).out, "b\n");
  EXPECT_EQ(run({"python3", "-c", "import json"}).err, "");
  EXPECT_THAT(lines(), IsEmpty());
}

}  // namespace
}  // namespace skillaudit
