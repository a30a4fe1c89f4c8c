#include "harness/cli/scenario_tests.h"

#include <fmt/chrono.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>

#include "harness/audit/audit.h"
#include "harness/base/error.h"
#include "harness/base/temp_dir.h"
#include "harness/base/text.h"
#include "harness/cli/called_as.h"
#include "harness/cli/progress_view.h"
#include "harness/providers/default_provider.h"
#include "harness/traffic/stubs.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;

int worst_code = 0;

/// A case and how often its test ran; GoogleTest makes the test anew for each run.
struct RunCase {
  ScenarioCase scenario_case;
  std::shared_ptr<const ScenarioTestOptions> options;
  int runs = 0;
};

/// Moves the bundle out of the temporary folder, possibly to another file system.
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

fs::path bundle_of(const RunCase& test, const TempDir& temporary) {
  if (test.options->out.empty()) return temporary.path() / "bundle";
  const ScenarioCase& of = test.scenario_case;
  return test.options->out / of.suite /
         (test.runs == 1 ? of.name : fmt::format("{}-{}", of.name, test.runs));
}

class ScenarioTest : public ::testing::Test {
 public:
  explicit ScenarioTest(std::shared_ptr<RunCase> test) : test_(std::move(test)) {}

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

  /// GoogleTest cannot stop its tests early, and an exception that passes through it leaves things
  /// behind. Everything of ours was released on the way here.
  [[noreturn]] static void end_program(const Error& error) {
    fmt::print(stderr, "skillaudit: {}\n", as_called(error.what()));
    std::fflush(nullptr);
    std::_Exit(error.exit_code());
  }

  /// Scenarios with a command need none.
  [[nodiscard]] AgentSpec agent() const {
    if (of().scenario.prompts.empty()) return {};
    AgentOptions options = test_->options->agent;
    if (options.agent.empty()) options.agent = of().agent;
    AgentSpec spec = agent_spec(options);
    spec.prompts = of().scenario.prompts;
    return spec;
  }

  /// A test is the author's own, and so are its stubs. Those of --stub come first.
  [[nodiscard]] Policy policy() const {
    Policy policy = test_->options->policy;
    for (Stub& stub : stubs_of(of().scenario.surroundings.stubs, ErrorKind::Skill))
      policy.answers.stubs.push_back(std::move(stub));
    return policy;
  }

  AuditResult audit(const fs::path& bundle) {
    const ScenarioTestOptions& options = *test_->options;
    const auto progress = make_progress_view(options.quiet);
    return run_audit(default_provider(),
                     {.skill_folder = of().skill_folder,
                      .bundle = bundle,
                      .os = options.os,
                      .policy = policy(),
                      .network = options.network,
                      .scenario = of().scenario.name,
                      .agent = agent(),
                      .given = options.given,
                      .adds_packages = options.adds_packages,
                      .timeout_s = options.timeout_s,
                      .rubric = options.rubric},
                     *progress);
  }

  void check(AuditResult audit) {
    const bool is_temporary = test_->options->out.empty();
    if (unmet(of().expected, audit).empty()) return record(audit, !is_temporary);
    if (is_temporary) {
      const fs::path place = place_of_failed(of());
      move_folder(audit.bundle, place);
      audit.bundle = place;
    }
    record(audit, true);
    // Match again: now the messages name the final path of the bundle.
    for (const Unmet& each : unmet(of().expected, audit))
      ADD_FAILURE_AT(of().manifest.c_str(), each.line) << each.text;
  }

  /// For readers of --gtest_output.
  void record(const AuditResult& audit, bool is_kept) {
    RecordProperty("verdict", std::string(name_of(audit.assessment.verdict)));
    if (audit.assessment.grade)
      RecordProperty("grade", std::string(name_of(*audit.assessment.grade)));
    if (is_kept) RecordProperty("bundle", printable(audit.bundle.string()));
  }

  void not_made(int code, const std::string& why) {
    worst_code = std::max(worst_code, code);
    ADD_FAILURE_AT(of().manifest.c_str(), of().scenario.line)
        << "The scenario could not be audited: " << why;
  }

  [[nodiscard]] const ScenarioCase& of() const { return test_->scenario_case; }

  std::shared_ptr<RunCase> test_;
};

}  // namespace

void register_scenario_tests(const std::vector<ScenarioCase>& cases,
                             const ScenarioTestOptions& options) {
  const auto shared = std::make_shared<const ScenarioTestOptions>(options);
  register_cases(cases, [&](const ScenarioCase& each) -> TestFactory {
    const auto test = std::make_shared<RunCase>(RunCase{each, shared});
    return [test]() -> ::testing::Test* { return new ScenarioTest(test); };
  });
}

int code_of_tests_not_made() { return worst_code; }

}  // namespace skillaudit
