#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/evidence/surroundings.h"

namespace skillaudit {

/// What `expect:` says under one key, and on which line of audit.yaml (1-based).
template <typename T>
struct Expected {
  T value = {};
  int line = 0;
};

/// What is expected of a text that was seen: what a command printed, or the content of a file. All
/// of it must hold.
struct ExpectedText {
  /// A value of a JSON document.
  struct Value {
    std::string pointer;  ///< RFC 6901: "/items/0/name"; empty: the whole document
    std::string value;    ///< as JSON
    int line = 0;
  };
  std::string path;                   ///< of a file: "~/notes/a.md"; empty for output
  std::vector<std::string> contains;  ///< each of these
  std::optional<std::string> equals;  ///< line breaks at the end aside
  std::vector<std::string> matches;   ///< extended regular expressions, each found in some line
  std::vector<Value> json;
  int line = 0;  ///< of audit.yaml
};

/// A call of a tool that an agent is expected to make.
struct ExpectedCall {
  std::string tool;                   ///< as the agent names it; empty: any
  std::vector<std::string> contains;  ///< each is in what the tool is given
  int line = 0;
};
struct CallsExpected {
  std::vector<ExpectedCall> made;  ///< empty: none at all
  int line = 0;
};

/// The keys of a scenario's `expect:` except the exit code, as written. Paths begin with
/// "~" or "/". What is absent is not expected; an empty list expects that there is nothing.
struct ScenarioExpectations {
  std::optional<Expected<double>> within;                     ///< seconds
  std::optional<Expected<std::string>> grade;                 ///< at least: "B"
  std::optional<Expected<std::string>> verdict;               ///< "NEEDS_REVIEW", as in report.json
  std::optional<Expected<std::vector<std::string>>> writes;   ///< only under these
  std::optional<Expected<std::vector<std::string>>> creates;  ///< each of these
  std::optional<Expected<std::vector<std::string>>> modifies;  ///< each of these
  std::optional<Expected<std::vector<std::string>>> deletes;   ///< each of these
  std::optional<Expected<std::vector<std::string>>> contacts;  ///< only these hosts
  std::optional<Expected<std::vector<std::string>>> installs;  ///< only these packages
  std::optional<Expected<std::vector<std::string>>> findings;  ///< each of these rules occurs
  std::optional<ExpectedText> out;                             ///< what the command printed
  std::optional<ExpectedText> err;                             ///< and printed as errors
  std::vector<ExpectedText> texts;                             ///< of files, as the run left them
  std::optional<Expected<bool>> triggered;  ///< an agent read the skill's instructions, or not
  std::optional<CallsExpected> calls;       ///< of an agent
  // The line that asks for it; 0: it is not asked for.
  int no_processes = 0;
  int no_persistence = 0;
  int decoys_kept = 0;
};

/// One way to exercise the skill, from `audit.yaml` or the command line.
struct Scenario {
  std::string name;
  std::string command;  ///< empty where prompts are given
  std::string standard_input;
  int expected_exit = 0;
  std::optional<double> timeout_s;
  int line = 0;       ///< of audit.yaml, where it starts; 1-based
  int exit_line = 0;  ///< the line that says what exit code is expected; 0: none does
  ScenarioExpectations expect = {};
  std::vector<std::string> prompts = {};  ///< what an agent is told, instead of the command
  Surroundings surroundings = {};
};

}  // namespace skillaudit
