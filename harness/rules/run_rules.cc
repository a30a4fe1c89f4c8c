#include "harness/rules/run_rules.h"

#include <optional>

#include "harness/rules/effect.h"
#include "harness/rules/file_effects.h"
#include "harness/rules/rights.h"
#include "harness/rules/rule_code.h"
#include "harness/rules/trace_rules.h"

namespace skillaudit {
namespace {

void ask_conditions(const RuleInput& input, Drafts& drafts) {
  Found found(input);
  for (auto* effects :
       {package_effects, process_effects, service_effects, cron_effects, account_effects,
        system_effects, listener_effects, program_effects, setting_effects, file_effects})
    effects(input, found);
  found.report(drafts);
  if (input.rights != nullptr) undone_file_effects(input, drafts);
}

}  // namespace

Drafts run_rules(RuleInput input) {
  std::optional<Rights> rights;
  if (input.evidence.trace.collected) input.rights = &rights.emplace(input);
  Drafts drafts(input.rubric);
  ask_conditions(input, drafts);
  for (const RuleCode& code : rule_code()) {
    drafts.expect(code.finds);
    code.run(input, drafts);
  }
  return drafts;
}

}  // namespace skillaudit
