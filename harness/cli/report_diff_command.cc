#include <fmt/core.h>

#include "harness/cli/commands.h"
#include "harness/cli/loaded_gate.h"
#include "harness/cli/rules_option.h"
#include "reports/gate_report.h"

namespace skillaudit {
namespace {

struct DiffArguments {
  std::string before;
  std::string after;
  std::string format = "text";
  std::string rules;
  bool exit_code = false;
};

int diff(const DiffArguments& arguments) {
  const auto rubric = rules_in_force(arguments.rules);
  const ReleaseDiff changes =
      compare(load_release(arguments.before, *rubric), load_release(arguments.after, *rubric));
  fmt::print("{}", arguments.format == "json"       ? render_release_diff_json(changes)
                   : arguments.format == "markdown" ? render_release_diff_markdown(changes)
                                                    : render_release_diff_text(changes));
  return arguments.exit_code && !changes.empty() ? 1 : 0;
}

}  // namespace

void add_report_diff_command(Command& report) {
  Command command = report.add_command("diff", "Show what changed between two releases of a skill");
  const auto arguments = std::make_shared<DiffArguments>();
  command.add_option("OLD", arguments->before, "report.json or bundle of the earlier release")
      .required();
  command.add_option("NEW", arguments->after, "report.json or bundle of the later release")
      .required();
  command.add_option("--format", arguments->format, "Output format")
      .one_of({"text", "markdown", "json"})
      .show_default();
  add_rules_option(command, arguments->rules);
  command.add_flag("--exit-code", arguments->exit_code, "Exit 1 if anything changed");
  command.set_footer(
      "Examples:\n"
      "  skillaudit report diff release-1.2/report.json skillaudit-reports/my-skill\n"
      "  skillaudit report diff old.json new.json --format markdown --exit-code\n"
      "\n"
      "Exit codes: 0; 1 with --exit-code if anything changed; 65 if the reports are of different\n"
      "skills, have another schema version, or are invalid.");
  command.set_action([arguments] { return diff(*arguments); });
}

}  // namespace skillaudit
