#include <fmt/core.h>

#include <set>

#include "harness/analysis/verdict.h"
#include "harness/audit/audit.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/cli/commands.h"
#include "harness/cli/gate_options.h"
#include "harness/cli/summary.h"
#include "reports/formats.h"

namespace skillaudit {
namespace {

struct ReportArguments {
  std::string bundle;
  std::string fail_under;
  std::string format = "summary";
  std::string output;      ///< empty: stdout
  std::string skill_path;  ///< of the skill in its repository
  GateOptions gate;
};

void put(const ReportArguments& arguments, const std::string& text) {
  if (arguments.output.empty())
    fmt::print("{}", text);
  else
    write_file(arguments.output, text);
}

/// A format in which the gate's answer has a place of its own.
int report_with_gate(const ReportArguments& arguments, const Format& format) {
  std::optional<LoadedGate> gate;
  // What such a report says of the gate is what `skillaudit gate` says.
  if (arguments.gate.given()) gate.emplace(arguments.gate, true);
  const AuditResult result = report_bundle(arguments.bundle);
  std::optional<GateResult> judged;
  if (gate) {
    judged = gate->pass(result);
    gate->require_baselines_used();
  }
  put(arguments, format.render(result.evidence, result.assessment, judged ? &*judged : nullptr,
                               arguments.skill_path));
  if (judged) return judged->exit_code;
  std::optional<Grade> fail_under;
  if (!arguments.fail_under.empty()) fail_under = grade_from_name(arguments.fail_under);
  return exit_code(result.assessment, fail_under);
}

std::set<std::string> format_names() {
  std::set<std::string> names = {"summary"};
  for (const Format& format : formats()) names.emplace(format.name);
  return names;
}

int report(const ReportArguments& arguments) {
  if (arguments.bundle.empty())
    fail(ErrorKind::Usage, "BUNDLE is missing: give the folder that `skillaudit run` wrote");
  if (!std::filesystem::is_directory(arguments.bundle))
    fail(ErrorKind::Usage, "there is no bundle {}: give the folder that `skillaudit run` wrote",
         printable(arguments.bundle));
  const Format* const format =
      arguments.format == "summary" ? nullptr : &format_named(arguments.format);
  if (format != nullptr && format->shows_gate) return report_with_gate(arguments, *format);
  std::optional<Grade> fail_under;
  if (!arguments.fail_under.empty()) fail_under = grade_from_name(arguments.fail_under);
  std::optional<LoadedGate> gate;
  if (arguments.gate.given()) gate.emplace(arguments.gate, false);
  const AuditResult result = report_bundle(arguments.bundle);
  put(arguments, format == nullptr ? summary(result)
                                   : format->render(result.evidence, result.assessment, nullptr,
                                                    arguments.skill_path));
  const int code = exit_code(result.assessment, fail_under);
  if (!gate) return code;
  return pass_and_print(*gate, {result.bundle});
}

}  // namespace

void add_report_command(CLI::App& app, Action& chosen) {
  CLI::App* command = app.add_subcommand("report", "Grade and render a bundle again, without a VM");
  const auto arguments = std::make_shared<ReportArguments>();
  // Not `required`: that would be asked of `report diff` too.
  command->add_option("BUNDLE", arguments->bundle, "Folder that `skillaudit run` wrote");
  command
      ->add_option("--format", arguments->format,
                   "What to print; report.md and report.json are written in any case")
      ->check(CLI::IsMember(format_names()))
      ->capture_default_str();
  command->add_option("--output,-o", arguments->output, "Write it to this file, not to stdout");
  command->add_option("--skill-path", arguments->skill_path,
                      "Where the skill lies in its repository, as in skills/my-skill: what junit, "
                      "sarif and github-annotations say of its files starts there");
  command->add_option("--fail-under", arguments->fail_under, "Exit 1 below this grade")
      ->check(CLI::IsMember({"A", "B", "C", "D", "F"}));
  command->footer(
      "Examples:\n  skillaudit report skillaudit-reports/my-skill-20260131T120000Z\n"
      "  skillaudit report BUNDLE --format markdown | less\n"
      "  skillaudit report BUNDLE --format sarif -o my-skill.sarif --skill-path skills/my-skill");
  add_gate_options(*command, arguments->gate, "--gate-policy");
  add_report_diff_command(*command, chosen);
  command->callback([&chosen, command, arguments] {
    if (command->get_subcommands().empty()) chosen = [arguments] { return report(*arguments); };
  });
}

}  // namespace skillaudit
