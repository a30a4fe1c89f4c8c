#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/cli/asked_result.h"
#include "harness/cli/commands.h"
#include "harness/cli/loaded_gate.h"
#include "harness/cli/rules_option.h"
#include "reports/gate_report.h"

namespace skillaudit {
namespace {

struct GateArguments {
  std::vector<std::string> bundles;
  GateOptions gate;
  std::string rules;
  std::string output;
  bool json = false;
};

void require_bundle(const std::string& path) {
  if (!std::filesystem::is_directory(path))
    fail(ErrorKind::Usage, "there is no bundle {}: give the folder that `skillaudit run` wrote",
         printable(path));
}

int gate(const GateArguments& arguments) {
  for (const std::string& bundle : arguments.bundles) require_bundle(bundle);
  LoadedGate loaded(arguments.gate, rules_in_force(arguments.rules), true);
  const GateAnswer answer = pass_all(loaded, {arguments.bundles.begin(), arguments.bundles.end()});
  const auto json = [&] { return render_gate_json(answer.results, answer.stale); };
  if (!arguments.output.empty()) write_file(arguments.output, json());
  if (arguments.json)
    fmt::print("{}", json());
  else
    print(answer);
  return answer.exit_code;
}

}  // namespace

void add_gate_command(Command& program) {
  Command command = program.add_command(
      "gate", "Check whether audits pass: by a policy, accepted findings and a baseline");
  const auto arguments = std::make_shared<GateArguments>();
  command.add_option("BUNDLE", arguments->bundles, "Folders that `skillaudit run` wrote")
      .required();
  add_gate_options(command, arguments->gate, "--policy");
  add_coverage_option(command, arguments->gate.coverage);
  add_rules_option(command, arguments->rules);
  command.add_flag("--json", arguments->json, "Print the result as JSON");
  command.add_option("--output,-o", arguments->output,
                     "Also write the result as JSON to this file");
  command.set_footer(
      "Examples:\n"
      "  skillaudit gate reports/my-skill --policy skillaudit-gate.yaml\n"
      "  skillaudit gate reports/* --accept skillaudit-accept.yaml\n"
      "  skillaudit gate reports/my-skill --baseline release-1.2/report.json\n"
      "  skillaudit gate reports/my-skill --baseline old.json --fail-on-new=hosts,persistence\n"
      "  skillaudit gate reports/* --rules team-rules\n"
      "\n"
      "Without a policy, APPROVED skills pass. With a baseline, anything new since then fails,\n"
      "unless the policy's `fail_on_new` or --fail-on-new lists fewer kinds. No bundle is "
      "changed.\n"
      "\n"
      "Exit codes: 0 passed, 1 not passed, 2 not passed and REJECTED, 3 not passed and\n"
      "INCONCLUSIVE; 64 a policy or acceptance file is invalid, 65 a bundle or baseline is "
      "invalid.");
  command.set_action([arguments] { return gate(*arguments); });
}

}  // namespace skillaudit
