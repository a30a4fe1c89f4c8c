#include "harness/cli/scenario_tests.h"

#include <fmt/chrono.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>

#include "fixtures/expectations.h"
#include "fixtures/test_names.h"
#include "harness/audit/audit.h"
#include "harness/base/error.h"
#include "harness/base/temp_dir.h"
#include "harness/base/text.h"
#include "harness/cli/called_as.h"
#include "harness/cli/progress_view.h"
#include "harness/providers/default_provider.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;

int worst_code = 0;

/// A scenario as one test; GoogleTest makes the test anew for each run of it.
struct ScenarioCase {
  std::string suite;
  std::string name;
  fs::path skill_folder;
  std::string manifest;
  Scenario scenario;
  std::vector<LineMatcher> expected;
  std::shared_ptr<const ScenarioTestOptions> options;
  int runs = 0;
};

/// The bundle's last place: out of the temporary folder, perhaps onto another file system.
void move_folder(const fs::path& from, const fs::path& to) {
  fs::create_directories(to.parent_path());
  std::error_code other_device;
  fs::rename(from, to, other_device);
  if (other_device)
    fs::copy(from, to, fs::copy_options::recursive | fs::copy_options::copy_symlinks);
}

fs::path place_of_failed(const ScenarioCase& test) {
  const std::string base = fmt::format("{}-{}-{:%Y%m%dT%H%M%SZ}", test.suite, test.name,
                                       fmt::gmtime(std::time(nullptr)));
  fs::path place = fs::path("skillaudit-reports") / base;
  for (int n = 2; fs::exists(place); ++n)
    place = fs::path("skillaudit-reports") / fmt::format("{}-{}", base, n);
  return place;
}

fs::path bundle_of(const ScenarioCase& test, const TempDir& temporary) {
  if (test.options->out.empty()) return temporary.path() / "bundle";
  return test.options->out / test.suite /
         (test.runs == 1 ? test.name : fmt::format("{}-{}", test.name, test.runs));
}

class ScenarioTest : public ::testing::Test {
 public:
  explicit ScenarioTest(std::shared_ptr<ScenarioCase> test) : test_(std::move(test)) {}

 private:
  void TestBody() override {
    try {
      ++test_->runs;
      const TempDir temporary;
      check(audit(bundle_of(*test_, temporary)));
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::Interrupted) end_program(error);
      not_made(error.exit_code(), error.what());
    } catch (const std::exception& error) {
      not_made(static_cast<int>(ErrorKind::Internal),
               "internal error: " + printable_block(error.what()));
    }
  }

  /// GoogleTest ends its tests by nothing but their failure, and what is thrown through it leaves
  /// the rest of it behind. All that is ours was given up on the way here.
  [[noreturn]] static void end_program(const Error& error) {
    fmt::print(stderr, "skillaudit: {}\n", as_called(error.what()));
    std::fflush(nullptr);
    std::_Exit(error.exit_code());
  }

  AuditResult audit(const fs::path& bundle) {
    const ScenarioTestOptions& options = *test_->options;
    const auto progress = make_progress_view(options.quiet);
    return run_audit(default_provider(),
                     {.skill_folder = test_->skill_folder,
                      .bundle = bundle,
                      .os = options.os,
                      .policy = options.policy,
                      .network = options.network,
                      .scenario = test_->scenario.name,
                      .timeout_s = options.timeout_s},
                     *progress);
  }

  void check(AuditResult audit) {
    const bool is_temporary = test_->options->out.empty();
    if (unmet(test_->expected, audit).empty()) return record(audit, !is_temporary);
    if (is_temporary) {
      const fs::path place = place_of_failed(*test_);
      move_folder(audit.bundle, place);
      audit.bundle = place;
    }
    record(audit, true);
    // Asked again, now that it is known where the evidence lies.
    for (const Unmet& each : unmet(test_->expected, audit))
      ADD_FAILURE_AT(test_->manifest.c_str(), each.line) << each.text;
  }

  /// For who reads --gtest_output.
  void record(const AuditResult& audit, bool is_kept) {
    RecordProperty("verdict", std::string(name_of(audit.assessment.verdict)));
    if (audit.assessment.grade)
      RecordProperty("grade", std::string(name_of(*audit.assessment.grade)));
    if (is_kept) RecordProperty("bundle", printable(audit.bundle.string()));
  }

  void not_made(int code, const std::string& why) {
    worst_code = std::max(worst_code, code);
    ADD_FAILURE_AT(test_->manifest.c_str(), test_->scenario.line)
        << "The scenario could not be audited: " << why;
  }

  std::shared_ptr<ScenarioCase> test_;
};

std::vector<std::string> names_of(const std::vector<Scenario>& scenarios) {
  std::vector<std::string> names;
  for (const Scenario& scenario : scenarios) names.push_back(scenario.name);
  return test_names(names);
}

void register_skill(const TestedSkill& skill, const std::string& suite,
                    const std::shared_ptr<const ScenarioTestOptions>& options) {
  const std::vector<std::string> names = names_of(skill.skill.scenarios);
  // A listing shows what was changed as type and parameter of the test.
  const std::string folder = printable(skill.folder.string());
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Scenario& scenario = skill.skill.scenarios[i];
    const std::string own_name = printable(scenario.name);
    const auto test = std::make_shared<ScenarioCase>(
        ScenarioCase{.suite = suite,
                     .name = names[i],
                     .skill_folder = skill.folder,
                     .manifest = skill.manifest(),
                     .scenario = scenario,
                     .expected = matchers_of(skill.manifest(), scenario),
                     .options = options});
    ::testing::RegisterTest(
        suite.c_str(), names[i].c_str(), suite == skill.skill.name ? nullptr : folder.c_str(),
        names[i] == scenario.name ? nullptr : own_name.c_str(), test->manifest.c_str(),
        scenario.line, [test]() -> ::testing::Test* { return new ScenarioTest(test); });
  }
}

}  // namespace

void register_scenario_tests(const std::vector<TestedSkill>& skills,
                             const ScenarioTestOptions& options) {
  const auto shared = std::make_shared<const ScenarioTestOptions>(options);
  std::vector<std::string> names;
  for (const TestedSkill& skill : skills) names.push_back(skill.skill.name);
  const std::vector<std::string> suites = test_names(names);
  for (std::size_t i = 0; i < skills.size(); ++i) register_skill(skills[i], suites[i], shared);
}

int code_of_tests_not_made() { return worst_code; }

}  // namespace skillaudit
