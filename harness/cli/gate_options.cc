#include "harness/cli/gate_options.h"

#include "harness/base/text.h"
#include "harness/gate/policy.h"

namespace skillaudit {

void add_gate_options(Command& command, GateOptions& options, const std::string& policy_flag) {
  command.add_option(policy_flag, options.policy,
                     "The gate's policy: requirements for a release (YAML, see docs/ci.md)");
  command.add_option(
      "--accept", options.accept,
      "Accepted findings, each with a reason and an expiry date (YAML, see docs/ci.md)");
  command
      .add_option("--baseline", options.baselines,
                  "report.json or bundle of the last release, to report what is new since then "
                  "(repeatable, one per skill)")
      .one_value_each();
  // A flag, so that it does not take the next word as its value.
  command.add_flag(
      "--fail-on-new{all}", options.fail_on_new,
      "Fail on anything new since the baseline but `runs`; --fail-on-new=hosts,packages: only on "
      "these kinds, of " +
          join(kinds_of_news(), ", "));
  command.add_option(
      "--date", options.date,
      "Date for checking whether acceptances have expired, such as 2027-01-31 (default: today)");
}

}  // namespace skillaudit
