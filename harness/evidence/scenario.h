#pragma once

#include <optional>
#include <string>
#include <vector>

namespace skillaudit {

/// What `expect:` says under one key, and on which line of audit.yaml (1-based).
template <typename T>
struct Expected {
  T value = {};
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
  // The line that asks for it; 0: it is not asked for.
  int no_processes = 0;
  int no_persistence = 0;
  int decoys_kept = 0;
};

/// One way to exercise the skill, from `audit.yaml` or the command line.
struct Scenario {
  std::string name;
  std::string command;
  std::string standard_input;
  int expected_exit = 0;
  std::optional<double> timeout_s;
  int line = 0;       ///< of audit.yaml, where it starts; 1-based
  int exit_line = 0;  ///< the line that says what exit code is expected; 0: none does
  ScenarioExpectations expect = {};
};

}  // namespace skillaudit
