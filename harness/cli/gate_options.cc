#include "harness/cli/gate_options.h"

#include "harness/base/text.h"
#include "harness/gate/policy.h"

namespace skillaudit {

void add_gate_options(CLI::App& command, GateOptions& options, const std::string& policy_flag) {
  command.add_option(policy_flag, options.policy,
                     "What a release must be to pass the gate (YAML, see docs/ci.md)");
  command.add_option("--accept", options.accept,
                     "Findings that somebody looked at and accepts, with reason and expiry (YAML, "
                     "see docs/ci.md)");
  command
      .add_option("--baseline", options.baselines,
                  "report.json or bundle of the last release: what is new since then is told "
                  "(repeatable, one for each skill)")
      ->allow_extra_args(false);
  // A flag, so that a word after it stays a word of its own.
  command.add_flag("--fail-on-new{all}", options.fail_on_new,
                   "Refuse what is new since the baseline; --fail-on-new=hosts,packages: these "
                   "alone, of " +
                       join(kinds_of_news(), ","));
  command.add_option("--date", options.date,
                     "Day for which acceptances are looked at, as in 2027-01-31 (default: today)");
}

}  // namespace skillaudit
