#include <fmt/core.h>

#include <fmt/chrono.h>
#include <algorithm>
#include <ctime>

#include "harness/analysis/verdict.h"
#include "harness/audit/audit.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/cli/commands.h"
#include "harness/cli/progress_view.h"
#include "harness/cli/summary.h"
#include "harness/traffic/mirrors.h"
#include "harness/vm/image_builder.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;

constexpr double kLongestRun = 24 * 60 * 60;

struct RunArguments {
  std::vector<std::string> skills;
  std::vector<std::string> commands;
  std::string network = "mirrors";
  std::vector<std::string> allow;
  std::string policy_file;
  std::string os = "debian-12";
  std::string out;
  double timeout_s = 600;
  std::string fail_under;
  std::string keep = "never";
  bool json = false;
  bool quiet = false;
};

/// The user's flags and file open the network; nothing that a skill says does.
Policy policy_of(const RunArguments& arguments) {
  Policy policy = arguments.network == "none" ? Policy{} : mirror_policy(host_mirrors());
  if (!arguments.policy_file.empty()) {
    Policy own = load_policy_file(arguments.policy_file);
    policy.rules.insert(policy.rules.end(), own.rules.begin(), own.rules.end());
    policy.routes = own.routes;
    policy.upstream_ca_file = own.upstream_ca_file;
  }
  for (const std::string& rule : arguments.allow) policy.rules.push_back(parse_rule(rule));
  return policy;
}

std::string network_label(const RunArguments& arguments, const Policy& policy) {
  const auto own = std::count_if(policy.rules.begin(), policy.rules.end(),
                                 [](const Rule& rule) { return rule.group != "mirrors"; });
  if (own == 0) return arguments.network;
  return fmt::format(
      "{} and {}", arguments.network,
      count_of(static_cast<std::size_t>(own), "rule of the user", "rules of the user"));
}

/// "…/my-skill/" and "." name the folder that they stand for.
std::string folder_name(const std::string& skill) {
  const fs::path path = fs::absolute(skill).lexically_normal();
  return path.has_filename() ? path.filename().string() : path.parent_path().filename().string();
}

std::vector<fs::path> bundle_places(const RunArguments& arguments) {
  std::vector<fs::path> places;
  for (const std::string& skill : arguments.skills) {
    const std::string name = folder_name(skill);
    if (!arguments.out.empty()) {
      places.push_back(arguments.skills.size() == 1 ? fs::path(arguments.out)
                                                    : fs::path(arguments.out) / name);
    } else {
      places.push_back(fs::path("skillaudit-reports") /
                       fmt::format("{}-{:%Y%m%dT%H%M%SZ}", name, fmt::gmtime(std::time(nullptr))));
    }
    if (std::count(places.begin(), places.end(), places.back()) > 1)
      fail(ErrorKind::Usage, "two of the skills are named {}: audit them in calls of their own",
           printable(name));
  }
  return places;
}

int run(const RunArguments& arguments) {
  std::optional<Grade> fail_under;
  if (!arguments.fail_under.empty()) fail_under = grade_from_name(arguments.fail_under);
  // Written so that it holds for "nan" as well.
  if (!(arguments.timeout_s > 0 && arguments.timeout_s <= kLongestRun))
    fail(ErrorKind::Usage, "--timeout is {}: give seconds, above 0 and at most {} (a day)",
         arguments.timeout_s, kLongestRun);
  const Policy policy = policy_of(arguments);
  const std::vector<fs::path> places = bundle_places(arguments);
  const auto progress = make_progress_view(arguments.quiet);

  std::vector<int> codes;
  std::vector<std::string> table;
  std::vector<std::string> reports;
  for (std::size_t i = 0; i < arguments.skills.size(); ++i) {
    try {
      const AuditResult result =
          run_audit({.skill_folder = arguments.skills[i],
                     .bundle = places[i],
                     .os = arguments.os,
                     .policy = policy,
                     .network = network_label(arguments, policy),
                     .commands = arguments.commands,
                     .timeout_s = arguments.timeout_s,
                     .keep = arguments.keep == "always"       ? Keep::Always
                             : arguments.keep == "on-failure" ? Keep::OnFailure
                                                              : Keep::Never},
                    *progress);
      codes.push_back(exit_code(result.assessment, fail_under));
      if (arguments.json) {
        reports.push_back(read_file(result.bundle / "report.json"));
      } else {
        fmt::print("{}", summary(result));
      }
      table.push_back(fmt::format(
          "{:<32} {:<13} {}", result.evidence.skill.name, name_of(result.assessment.verdict),
          result.assessment.grade ? name_of(*result.assessment.grade) : "-"));
    } catch (const Error& error) {
      // With several skills one broken folder does not keep the others from being audited.
      if (error.kind() == ErrorKind::Interrupted || arguments.skills.size() == 1) throw;
      fmt::print(stderr, "skillaudit: {}\n", error.what());
      codes.push_back(error.exit_code());
      table.push_back(fmt::format("{:<32} error {}", printable(folder_name(arguments.skills[i])),
                                  error.exit_code()));
    }
  }
  if (arguments.json) {
    fmt::print("{}", reports.size() == 1 && arguments.skills.size() == 1
                         ? reports[0]
                         : "[" + join(reports, ",") + "]\n");
  } else if (table.size() > 1) {
    fmt::print("\n{}\n", join(table, "\n"));
  }
  return worst_exit_code(codes);
}

}  // namespace

void add_run_command(CLI::App& app, Action& chosen) {
  CLI::App* command =
      app.add_subcommand("run", "Audit skills: run each in a fresh VM and write a graded report");
  const auto arguments = std::make_shared<RunArguments>();
  command->add_option("SKILL", arguments->skills, "Folder of a skill (holds SKILL.md)")->required();
  command
      ->add_option("--cmd", arguments->commands,
                   "Command that exercises the skill, run in its folder (repeatable; default: the "
                   "scenarios of its audit.yaml, else every code block and script)")
      ->allow_extra_args(false);
  command
      ->add_option("--network", arguments->network,
                   "What the guest may reach: the package mirrors of this host by GET, or nothing")
      ->check(CLI::IsMember({"mirrors", "none"}))
      ->capture_default_str();
  command
      ->add_option("--allow", arguments->allow,
                   "Open one thing more, e.g. 'GET https://api.example.com/v1/*' (repeatable)")
      ->allow_extra_args(false);
  command->add_option("--policy", arguments->policy_file, "Network policy file (YAML)");
  command
      ->add_option("--os", arguments->os,
                   "Operating system of the guest, or the name of an imported image")
      ->capture_default_str();
  command->add_option("--out", arguments->out,
                      "Where the bundle goes: the folder itself for one skill, DIR/NAME for "
                      "several (default: skillaudit-reports/NAME-TIME)");
  command->add_option("--timeout", arguments->timeout_s, "Seconds that the skill may run")
      ->capture_default_str();
  command->add_option("--fail-under", arguments->fail_under, "Exit 1 below this grade")
      ->check(CLI::IsMember({"A", "B", "C", "D", "F"}));
  command->add_option("--keep", arguments->keep, "Keep the VM's files after the audit")
      ->check(CLI::IsMember({"never", "on-failure", "always"}))
      ->capture_default_str();
  command->add_flag("--json", arguments->json,
                    "Print report.json on stdout (an array for several skills)");
  command->add_flag("--quiet,-q", arguments->quiet, "No progress");
  command->footer(
      "Examples:\n"
      "  skillaudit run my-skill\n"
      "  skillaudit run my-skill --cmd 'scripts/build.sh --all' --network none\n"
      "  skillaudit run skills/* --out reports --fail-under B\n"
      "  skillaudit run my-skill --allow 'POST https://api.example.com/v1/*' --json\n\n"
      "Exit codes: 0 approved, 1 needs review or below --fail-under, 2 rejected, 3 inconclusive.");
  command->callback([&chosen, arguments] { chosen = [arguments] { return run(*arguments); }; });
}

}  // namespace skillaudit
