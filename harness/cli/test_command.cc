#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "harness/audit/requirements.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/cli/commands.h"
#include "harness/cli/gtest_flags.h"
#include "harness/cli/network_options.h"
#include "harness/cli/rules_option.h"
#include "harness/cli/scenario_tests.h"
#include "harness/cli/surroundings_options.h"
#include "harness/providers/default_provider.h"
#include "harness/skill/evals.h"

namespace skillaudit {
namespace {

constexpr double kLongestRun = 24 * 60 * 60;

struct TestArguments {
  std::vector<std::string> paths;
  std::vector<std::string> gtest_flags;
  AgentOptions agent;
  NetworkOptions network;
  SurroundingsOptions surroundings;
  std::string os = "debian-12";
  std::string rules;
  std::string out;
  double timeout_s = 600;
  bool quiet = false;
};

ScenarioTestOptions options_of(const TestArguments& arguments) {
  if (!arguments.agent.prompts.empty() || !arguments.agent.record.empty())
    fail(ErrorKind::Usage,
         "a test has the prompts of its scenario and makes no recording: leave out --prompt and "
         "--record");
  if (!arguments.agent.agent.empty()) (void)agent_spec(arguments.agent);
  // Written so that it holds for "nan" as well.
  if (!(arguments.timeout_s > 0 && arguments.timeout_s <= kLongestRun))
    fail(ErrorKind::Usage, "--timeout is {}: give seconds, above 0 and at most {} (a day)",
         arguments.timeout_s, kLongestRun);
  const Policy policy = policy_of(arguments.network);
  return {
      .os = arguments.os,
      .policy = policy,
      .network = network_label(arguments.network, policy),
      .rubric = rules_in_force(arguments.rules),
      .agent = arguments.agent,
      .given = surroundings_of(arguments.surroundings),
      .adds_packages = !arguments.surroundings.no_packages && arguments.network.network != "none",
      .timeout_s = arguments.timeout_s,
      .out = arguments.out,
      .quiet = arguments.quiet};
}

/// A filter that selects nothing is a mistake, not a pass. A shard may have no tests.
void require_that_some_ran() {
  if (::testing::UnitTest::GetInstance()->test_to_run_count() > 0) return;
  if (std::getenv("GTEST_TOTAL_SHARDS") != nullptr) return;
  fail(ErrorKind::Usage,
       "--gtest_filter={} selects no test: --gtest_list_tests lists all tests; tests whose name "
       "starts with DISABLED_ need --gtest_also_run_disabled_tests",
       printable(GTEST_FLAG_GET(filter)));
}

/// The tests that can run: those of prompts need an agent.
std::vector<ScenarioCase> cases_of(const std::vector<TestedSkill>& skills,
                                   const ScenarioTestOptions& options) {
  std::vector<ScenarioCase> cases = scenario_cases(skills, *options.rubric);
  const bool has_agent = !options.agent.agent.empty();
  const std::size_t left_out = std::erase_if(cases, [&](const ScenarioCase& each) {
    return !each.scenario.prompts.empty() && !has_agent && each.agent.empty();
  });
  const std::string what = count_of(left_out, "scenario has prompts", "scenarios have prompts");
  if (cases.empty())
    fail(ErrorKind::Usage, "{} for an agent, and there is nothing else to test: add --agent NAME",
         what);
  if (left_out > 0)
    fmt::print(stderr, "skillaudit: {} for an agent and {} left out: add --agent NAME\n", what,
               left_out == 1 ? "is" : "are");
  // What a listing does not need, and each test would say again.
  for (const TestedSkill& skill : skills)
    if (has_agent) (void)scenarios_of_evals(skill.folder);
  return cases;
}

int test(const TestArguments& arguments) {
  const ScenarioTestOptions options = options_of(arguments);
  init_googletest(arguments.gtest_flags);
  const std::vector<TestedSkill> skills = load_tested_skills(
      arguments.paths,
      [](const std::string& note) { fmt::print(stderr, "skillaudit: {}\n", note); });
  const std::vector<ScenarioCase> cases = cases_of(skills, options);
  if (GTEST_FLAG_GET(list_tests)) return list_cases(cases);
  register_scenario_tests(cases, options);
  default_provider().require_system(arguments.os);
  require_audit_programs(default_provider());
  const int code = RUN_ALL_TESTS();
  require_that_some_ran();
  return code_of_tests_not_made() != 0 ? code_of_tests_not_made() : code;
}

}  // namespace

void add_test_command(Command& program, const std::vector<std::string>& gtest_flags) {
  Command command = program.add_command(
      "test", "Run each scenario of audit.yaml in a fresh VM and check its expectations");
  const auto arguments = std::make_shared<TestArguments>();
  arguments->gtest_flags = gtest_flags;
  command
      .add_option("PATH", arguments->paths,
                  "Skill folder (contains SKILL.md), or a folder of skill folders")
      .required();
  add_agent_options(command, arguments->agent);
  add_network_options(command, arguments->network);
  add_surroundings_options(command, arguments->surroundings);
  add_rules_option(command, arguments->rules);
  command
      .add_option("--os", arguments->os,
                  "Operating system of the guest, or the name of an imported image")
      .show_default();
  command.add_option("--out", arguments->out,
                     "Keep all bundles, as DIR/SUITE/TEST (default: only those of failed tests, "
                     "in skillaudit-reports)");
  command.add_option("--timeout", arguments->timeout_s, "Time limit for a scenario, in seconds")
      .show_default();
  command.add_flag("--quiet,-q", arguments->quiet, "Do not print progress");
  command.set_footer(
      "These are GoogleTest tests, with GoogleTest's options: --gtest_list_tests, --gtest_filter,\n"
      "--gtest_output=xml:FILE, --gtest_repeat, --gtest_shuffle, --gtest_fail_fast and others.\n"
      "GTEST_TOTAL_SHARDS and GTEST_SHARD_INDEX distribute the tests over machines.\n"
      "\n"
      "Examples:\n"
      "  skillaudit test my-skill\n"
      "  skillaudit test skills --gtest_list_tests                 needs no VM\n"
      "  skillaudit test skills --gtest_filter='my_skill.*'\n"
      "  skillaudit test my-skill --agent claude                   its prompts and evals too\n"
      "  skillaudit test skills --gtest_output=xml:results.xml     for CI\n"
      "  skillaudit test my-skill --gtest_repeat=3 --out bundles\n"
      "  GTEST_TOTAL_SHARDS=4 GTEST_SHARD_INDEX=0 skillaudit test skills\n"
      "\n"
      "Exit codes: 0 all passed, 1 some failed, 64 bad usage, 65 bad skill, 69 something\n"
      "is missing on this machine, 130 interrupted.");
  command.set_action([arguments] { return test(*arguments); });
}

}  // namespace skillaudit
