#include "harness/changes/step_ends.h"

#include <gtest/gtest.h>

#include "tests/unit/analysis/trace_builder.h"

namespace skillaudit {
namespace {

using testing::AuditBuilder;
using testing::regular;
using testing::TraceBuilder;

/// A walkthrough of one step that failed.
struct Failed : TraceBuilder {
  Failed(int code, const std::string& err, const std::string& command = "bash ./scripts/run.sh") {
    evidence.execution.runner = "walkthrough";
    evidence.skill.files = {{"SKILL.md"}, {"scripts/helpers.py"}, {"scripts/run.sh"}};
    Step& step = evidence.execution.steps[0];
    step.exit_code = code;
    step.err = err;
    step.command = command;
  }
  [[nodiscard]] StepEnd end() const { return step_ends(evidence, ProcessTree(evidence)).at(0); }
};

StepEnd end_of(int code, const std::string& err) { return Failed(code, err).end(); }

const StepEnd kOwnFault{StepCause::OwnFault, {}};

TEST(StepEnds, AProgramThatIsNotInstalledIsTheMachines) {
  const StepEnd pandoc{StepCause::LacksProgram, "pandoc"};
  EXPECT_EQ(end_of(127, "bash: line 1: pandoc: command not found\n"), pandoc);
  EXPECT_EQ(end_of(127, "sh: 1: pandoc: not found\n"), pandoc);
  EXPECT_EQ(end_of(127, "/usr/bin/env: \u2018pandoc\u2019: No such file or directory\n"), pandoc);
  EXPECT_EQ(end_of(2, "make: pandoc: No such file or directory\n"), pandoc);
  EXPECT_EQ(end_of(1, "Error: spawn pandoc ENOENT\n    at x.js:3\n"), pandoc);
  EXPECT_EQ(end_of(1,
                   "Traceback (most recent call last):\n  File \"a\"\nFileNotFoundError: [Errno "
                   "2] No such file or directory: 'pandoc'\n"),
            pandoc);
  EXPECT_EQ(end_of(0, "bash: line 4: pandoc: command not found\n"), pandoc);
}

TEST(StepEnds, AnArgumentThatIsNoFileIsNoProgram) {
  const std::string said = "FileNotFoundError: [Errno 2] No such file or directory: 'example'\n";
  Failed given(1, said, "python3 scripts/run.py 'example'");
  EXPECT_EQ(given.end(), (StepEnd{StepCause::LacksFile, "example"}));
  Failed other(1, said, "python3 scripts/run.py an-example");
  EXPECT_EQ(other.end().cause, StepCause::LacksProgram);
}

TEST(StepEnds, AProgramThatIsThereOrTheSkillsOwnIsNot) {
  Failed installed(127, "bash: line 1: sudo: command not found\n");
  EXPECT_EQ(installed.end(), kOwnFault);
  Failed ran(127, "bash: line 1: jq: command not found\n");
  ran.fork(100, 101).exec(101, 100, {"jq", "."});
  EXPECT_EQ(ran.end(), kOwnFault);
  EXPECT_EQ(end_of(127, "bash: line 1: run.sh: command not found\n"), kOwnFault);
  EXPECT_EQ(end_of(127, "bash: line 1: scripts/other.sh: No such file or directory\n"), kOwnFault);
  EXPECT_EQ(end_of(127, ""), kOwnFault);
}

TEST(StepEnds, AModuleThatIsNotInstalledIsTheMachines) {
  EXPECT_EQ(end_of(1,
                   "Traceback (most recent call last):\nModuleNotFoundError: No module named "
                   "'yaml.loader'\n"),
            (StepEnd{StepCause::LacksModule, "yaml"}));
  EXPECT_EQ(end_of(1, "Error: Cannot find module 'left-pad'\nRequire stack:\n"),
            (StepEnd{StepCause::LacksModule, "left-pad"}));
  EXPECT_EQ(end_of(1, "ModuleNotFoundError: No module named 'helpers'\n"), kOwnFault);
  EXPECT_EQ(end_of(1, "Error: Cannot find module '/home/ubuntu/.claude/skills/example/x.js'\n"),
            kOwnFault);
  Failed there(1, "ModuleNotFoundError: No module named 'yaml'\n");
  there.was(regular("/usr/lib/python3/dist-packages/yaml"));
  EXPECT_EQ(there.end(), kOwnFault);
}

TEST(StepEnds, AnErrorOfItsOwnIsItsFaultWhateverWasSaidBefore) {
  EXPECT_EQ(end_of(1,
                   "x: pandoc: command not found\nTraceback (most recent call last):\n"
                   "  File \"a.py\", line 2\nZeroDivisionError: division by zero\n"),
            kOwnFault);
  EXPECT_EQ(end_of(2, "scripts/run.sh: line 3: syntax error near unexpected token `fi'\n"),
            kOwnFault);
}

TEST(StepEnds, AFileIsTheMachinesOutsideTheSkillAlone) {
  EXPECT_EQ(end_of(1, "cat: /srv/data.csv: No such file or directory\n"),
            (StepEnd{StepCause::LacksFile, "/srv/data.csv"}));
  EXPECT_EQ(end_of(1, "cat: scripts/words.txt: No such file or directory\n"), kOwnFault);
  EXPECT_EQ(end_of(2,
                   "python3: can't open file '/home/ubuntu/.claude/skills/example/a.py': [Errno "
                   "2] No such file or directory\n"),
            kOwnFault);
}

TEST(StepEnds, AFileThatNobodyBroughtIsNamedInManyWords) {
  const StepEnd input{StepCause::LacksFile, "input.pdf"};
  EXPECT_EQ(end_of(1, "I/O Error: Couldn't open file 'input.pdf': No such file or directory.\n"),
            input);
  EXPECT_EQ(end_of(1, "Error: Input file not found: input.pdf\n"), input);
  EXPECT_EQ(end_of(1, "input.pdf does not exist\n"), input);
  EXPECT_EQ(end_of(1,
                   "convert: unable to open image `input.pdf': No such file or directory @ "
                   "error/blob.c/OpenBlob/2998.\n"),
            input);
  EXPECT_EQ(end_of(1, "helpers.py does not exist\n"), kOwnFault);
  EXPECT_EQ(end_of(1, "Error: unpacked/word not found\n"),
            (StepEnd{StepCause::LacksFile, "unpacked/word"}));
  EXPECT_EQ(end_of(1, "Error: scripts/word not found\n"), kOwnFault);
}

TEST(StepEnds, APlainWordIsNoProgram) {
  Failed npm(1, "npm error To see a list of scripts, run:\nnpm error Missing script: \"dev\"\n");
  npm.script("# which run to start\necho $1\n");
  EXPECT_EQ(npm.end(), kOwnFault);
}

TEST(StepEnds, AProgramIsNotTheScriptOfTheSameName) {
  Failed office(1, "FileNotFoundError: [Errno 2] No such file or directory: 'helpers'\n");
  EXPECT_EQ(office.end(), (StepEnd{StepCause::LacksProgram, "helpers"}));
  EXPECT_EQ(end_of(1, "Error: Cannot find module 'helpers'\n"),
            (StepEnd{StepCause::LacksModule, "helpers"}));
}

TEST(StepEnds, AHostIsTheMachinesIfOneWasAskedInVain) {
  const std::string said = "curl: (6) Could not resolve host: api.example.com\n";
  EXPECT_EQ(end_of(6, said), kOwnFault);
  Failed asked(6, said);
  asked.add(AuditBuilder::request("GET", "api.example.com", "/"));
  EXPECT_EQ(asked.end().cause, StepCause::LacksHost);
}

TEST(StepEnds, AVariableThatItsCodeNamesIsACredential) {
  Failed audit(1, "Error: WEATHER_API_KEY is not set\n");
  EXPECT_EQ(audit.end(), kOwnFault);
  audit.script("curl -H \"X-Key: $WEATHER_API_KEY\"\n");
  EXPECT_EQ(audit.end(), (StepEnd{StepCause::LacksCredential, "WEATHER_API_KEY"}));
}

TEST(StepEnds, UsageIsNobodysFaultWhereNobodyGaveArgumentsAndNothingWasDone) {
  const std::string said = "usage: run.sh FILE\n";
  EXPECT_EQ(end_of(2, said).cause, StepCause::Usage);
  EXPECT_EQ(Failed(2, said, "bash ./scripts/run.sh x.txt").end(), kOwnFault);
  Failed acted(2, said);
  acted.reads(100, testing::kHome + "/.netrc");
  EXPECT_EQ(acted.end(), kOwnFault);
  Failed scenario(2, said);
  scenario.evidence.execution.runner = "command";
  EXPECT_EQ(scenario.end(), kOwnFault);
}

TEST(StepEnds, AServerThatEndsByCtrlCServed) {
  Failed server(130, "");
  server.evidence.execution.steps[0].served_ports = {8000};
  EXPECT_EQ(server.end().cause, StepCause::Serving);
  server.evidence.execution.steps[0].exit_code = 1;
  EXPECT_EQ(server.end(), kOwnFault);
  server.evidence.execution.steps[0].exit_code.reset();
  server.evidence.execution.steps[0].signal = "INT";
  EXPECT_EQ(server.end().cause, StepCause::Serving);
}

TEST(StepEnds, WhatAnAgentOrItsModelSaidExplainsNothing) {
  Failed audit(127, "bash: line 1: pandoc: command not found\n");
  audit.evidence.agent.name = "claude";
  EXPECT_EQ(audit.end(), StepEnd{});
}

TEST(StepEnds, WhatWorksOnTheAnswerOfABlockedHostLacksTheHost) {
  const std::string parse_error = "parse error: Invalid numeric literal at line 1, column 11\n";
  Failed pipe(4, parse_error);
  pipe.evidence.trace.began_at = 1000;
  pipe.fork(100, 101).exec(101, 100, {"curl", "-s", "https://api.example.com/keys"});
  pipe.event(TraceKind::Connect, 101);
  EXPECT_EQ(pipe.end(), kOwnFault) << "nobody was asked";
  Flow flow = AuditBuilder::request("GET", "api.example.com", "/keys");
  flow.allowed = false;
  flow.time = 1000 + pipe.evidence.trace.events.back().time_s;
  pipe.add(flow);
  EXPECT_EQ(pipe.end(), (StepEnd{StepCause::LacksHost, {}}));
  pipe.evidence.flows.back().time += 60;
  EXPECT_EQ(pipe.end(), kOwnFault) << "another step asked";
}

TEST(StepEnds, APythonOfTheSystemTakesNoPackages) {
  EXPECT_EQ(end_of(1,
                   "error: externally-managed-environment\n\n\u00d7 This environment is "
                   "externally managed\nhint: See PEP 668 for the detailed specification.\n"),
            (StepEnd{StepCause::LacksProgram, "a virtual environment"}));
}

}  // namespace
}  // namespace skillaudit
