#include <fmt/core.h>

#include "harness/analysis/verdict.h"
#include "harness/audit/audit.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/cli/commands.h"
#include "harness/cli/gate_options.h"
#include "harness/cli/summary.h"
#include "harness/cli/terminal_style.h"

namespace skillaudit {
namespace {

struct ReportArguments {
  std::string bundle;
  std::string fail_under;
  std::string format;  ///< empty: "terminal" on a terminal, else "summary"
  GateOptions gate;
};

/// What --format asks for, of an audit whose files are written.
void print(const AuditResult& result, std::string format) {
  if (format.empty()) format = stdout_is_terminal() ? "terminal" : "summary";
  if (format == "summary") {
    fmt::print("{}", summary(result));
  } else if (format == "terminal") {
    TerminalStyle style = style_of_stdout();
    style.page = result.bundle / "report.html";
    fmt::print("{}", render_terminal(result.evidence, result.assessment, style));
  } else {
    fmt::print("{}", read_file(result.bundle /
                               ("report." + (format == "markdown" ? std::string("md") : format))));
  }
}

int report(const ReportArguments& arguments) {
  if (arguments.bundle.empty())
    fail(ErrorKind::Usage, "BUNDLE is missing: give the folder that `skillaudit run` wrote");
  if (!std::filesystem::is_directory(arguments.bundle))
    fail(ErrorKind::Usage, "there is no bundle {}: give the folder that `skillaudit run` wrote",
         printable(arguments.bundle));
  std::optional<Grade> fail_under;
  if (!arguments.fail_under.empty()) fail_under = grade_from_name(arguments.fail_under);
  std::optional<LoadedGate> gate;
  if (arguments.gate.given()) gate.emplace(arguments.gate, false);
  const AuditResult result = report_bundle(arguments.bundle);
  print(result, arguments.format);
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
      ->add_option(
          "--format", arguments->format,
          "What to print (default: terminal on a terminal, else summary); report.html, report.md "
          "and report.json are written in any case")
      ->check(CLI::IsMember({"summary", "terminal", "markdown", "json", "html"}));
  command->add_option("--fail-under", arguments->fail_under, "Exit 1 below this grade")
      ->check(CLI::IsMember({"A", "B", "C", "D", "F"}));
  command->footer(
      "Examples:\n  skillaudit report skillaudit-reports/my-skill-20260131T120000Z\n"
      "  skillaudit report BUNDLE --format markdown | less");
  add_gate_options(*command, arguments->gate, "--gate-policy");
  add_report_diff_command(*command, chosen);
  command->callback([&chosen, command, arguments] {
    if (command->get_subcommands().empty()) chosen = [arguments] { return report(*arguments); };
  });
}

}  // namespace skillaudit
