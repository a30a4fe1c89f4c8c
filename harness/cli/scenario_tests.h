#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "fixtures/matchers/scenario_cases.h"
#include "harness/cli/agent_options.h"
#include "harness/rules/rubric.h"
#include "harness/traffic/policy.h"

namespace skillaudit {

/// Options that all tests of one call share.
struct ScenarioTestOptions {
  std::string os;
  Policy policy;
  std::string network;  ///< what to call the policy in reports
  std::shared_ptr<const Rubric> rubric;
  AgentOptions agent;          ///< who gets the prompts of scenarios
  Surroundings given;          ///< what options say of the machine
  bool adds_packages = false;  ///< those of audit.yaml
  double timeout_s = 0;
  /// Folder for the tests' bundles, as OUT/SUITE/TEST, or OUT/SUITE/TEST-2 for the second run of a
  /// test. If empty, only bundles of failed tests are kept, in skillaudit-reports/.
  std::filesystem::path out;
  bool quiet = false;
};

/// Registers a GoogleTest test for each case: a whole audit in a fresh VM in which only this
/// scenario runs, and a failure at its line of audit.yaml for each expectation that is not met. A
/// test whose audit cannot be made fails; only Ctrl-C ends them all.
void register_scenario_tests(const std::vector<ScenarioCase>& cases,
                             const ScenarioTestOptions& options);

/// The worst exit code of the audits that could not be made; 0 if all were made.
[[nodiscard]] int code_of_tests_not_made();

}  // namespace skillaudit
