#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "fixtures/tested_skills.h"
#include "harness/traffic/policy.h"

namespace skillaudit {

/// What all tests of one call have in common.
struct ScenarioTestOptions {
  std::string os;
  Policy policy;
  std::string network;  ///< what to call the policy in reports
  double timeout_s = 0;
  /// Where each test's bundle goes, as OUT/SUITE/TEST, and from the second run of the test on as
  /// OUT/SUITE/TEST-2. Empty: those of failed tests go to skillaudit-reports/, the others nowhere.
  std::filesystem::path out;
  bool quiet = false;
};

/// Makes a test of GoogleTest of each scenario: a whole audit in a fresh VM in which that scenario
/// alone runs, and a failure at its line of audit.yaml for each expectation that is not met. What
/// keeps an audit from being made fails its test, and only Ctrl-C ends them all. Throws as
/// matchers_of() does.
void register_scenario_tests(const std::vector<TestedSkill>& skills,
                             const ScenarioTestOptions& options);

/// The exit code of what kept an audit from being made, the worst of all; 0: nothing did.
[[nodiscard]] int code_of_tests_not_made();

}  // namespace skillaudit
