#include <fmt/core.h>

#include "harness/analysis/verdict.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/bundle/layout.h"
#include "harness/cli/asked_result.h"
#include "harness/cli/commands.h"
#include "harness/cli/loaded_gate.h"
#include "harness/cli/rules_option.h"
#include "harness/cli/summary.h"
#include "harness/cli/terminal_style.h"
#include "reports/formats.h"
#include "reports/report_bundle.h"

namespace skillaudit {
namespace {

struct ReportArguments {
  std::string bundle;
  std::string fail_under;
  std::string format;  ///< empty: "terminal" on a terminal, else "summary"
  std::string output;  ///< empty: stdout
  CiPlace place;
  GateOptions gate;
  std::string rules;
};

void put(const ReportArguments& arguments, const std::string& text) {
  if (arguments.output.empty())
    fmt::print("{}", text);
  else
    write_file(arguments.output, text);
}

int code_of(const ReportArguments& arguments, const AuditResult& audit) {
  return exit_code(audit.assessment, read_asked(arguments.fail_under, arguments.gate.coverage));
}

/// For a person: writes the bundle's rendered files again; the gate's result comes last.
int show(const ReportArguments& arguments) {
  const auto rubric = rules_in_force(arguments.rules);
  std::optional<LoadedGate> gate;
  if (arguments.gate.given()) gate.emplace(arguments.gate, rubric, false);
  const AuditResult audit = report_bundle(arguments.bundle, *rubric);
  const bool terminal = arguments.format.empty() ? arguments.output.empty() && stdout_is_terminal()
                                                 : arguments.format == "terminal";
  if (terminal) {
    TerminalStyle style = style_of_stdout();
    style.page = path_in(audit.bundle, BundleFile::Report, "html");
    put(arguments, render_terminal(audit.evidence, audit.assessment, style));
  } else {
    put(arguments, summary(audit));
  }
  if (!gate) return code_of(arguments, audit);
  const GateAnswer answer = pass_all(*gate, {audit.bundle});
  print(answer);
  return answer.exit_code;
}

/// Prints one format, and changes no file in the bundle. The gate's result is that of `skillaudit
/// gate`.
int render(const ReportArguments& arguments, const Format& format) {
  if (arguments.gate.given() && !format.shows_gate)
    fail(ErrorKind::Usage,
         "the format {} cannot show a gate's result: call `skillaudit gate BUNDLE`, or omit "
         "--format",
         format.name);
  const auto rubric = rules_in_force(arguments.rules);
  std::optional<LoadedGate> gate;
  if (arguments.gate.given()) gate.emplace(arguments.gate, rubric, true);
  const AuditResult audit = assess_bundle(arguments.bundle, *rubric);
  std::optional<GateResult> judged;
  if (gate) {
    judged = gate->pass(audit);
    gate->require_baselines_used();
  }
  put(arguments, format.render(audit.evidence, audit.assessment, judged ? &*judged : nullptr,
                               arguments.place));
  return judged ? judged->exit_code : code_of(arguments, audit);
}

int report(const ReportArguments& arguments) {
  if (arguments.bundle.empty())
    fail(ErrorKind::Usage, "BUNDLE is missing: give the folder that `skillaudit run` wrote");
  if (!std::filesystem::is_directory(arguments.bundle))
    fail(ErrorKind::Usage,
         "the bundle {} does not exist: give the folder that `skillaudit run` wrote",
         printable(arguments.bundle));
  const bool for_a_person =
      arguments.format.empty() || arguments.format == "summary" || arguments.format == "terminal";
  return for_a_person ? show(arguments) : render(arguments, format_named(arguments.format));
}

std::vector<std::string> format_names() {
  std::vector<std::string> names = {"summary", "terminal"};
  for (const Format& format : formats()) names.emplace_back(format.name);
  return names;
}

}  // namespace

void add_report_command(Command& program) {
  Command command = program.add_command("report", "Grade and render a bundle again, without a VM");
  const auto arguments = std::make_shared<ReportArguments>();
  // Not `required`: `report diff` would need it too.
  command.add_option("BUNDLE", arguments->bundle, "Folder that `skillaudit run` wrote");
  command
      .add_option("--format", arguments->format,
                  "What to print (default: terminal on a terminal, else summary; these two also "
                  "write the reports in the bundle again)")
      .one_of(format_names());
  command.add_option("--output,-o", arguments->output, "Write to this file instead of stdout");
  command.add_option("--skill-path", arguments->place.folder,
                     "The skill's path in its repository, such as skills/my-skill: prefix for its "
                     "file paths in junit, sarif and github-annotations");
  command.add_option("--sarif-category", arguments->place.category,
                     "Category of this audit in code scanning (default: the skill's name); must "
                     "be unique among the audits of a commit");
  add_fail_under_option(command, arguments->fail_under);
  add_coverage_option(command, arguments->gate.coverage);
  command.set_footer(
      "Examples:\n  skillaudit report skillaudit-reports/my-skill-20260131T120000Z\n"
      "  skillaudit report BUNDLE --format markdown | less\n"
      "  skillaudit report BUNDLE --format html -o my-skill.html\n"
      "  skillaudit report BUNDLE --format sarif -o my-skill.sarif --skill-path skills/my-skill\n"
      "  skillaudit report BUNDLE --rules team-rules          with rules of your own");
  add_gate_options(command, arguments->gate, "--gate-policy");
  add_rules_option(command, arguments->rules);
  add_report_diff_command(command);
  command.set_action([arguments] { return report(*arguments); });
}

}  // namespace skillaudit
