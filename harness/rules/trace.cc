// What the kernel told of the skill's processes while they ran.
#include "harness/rules/trace_rules.h"

namespace skillaudit {

void trace_rules(const RuleInput& input, Drafts& drafts) {
  if (!input.evidence.trace.collected) return;
  const Rights rights(input);
  trace_credential_rules(input, drafts);
  trace_privilege_rules(input, rights, drafts);
  trace_evasion_rules(input, rights, drafts);
  trace_waiting_rules(input, drafts);
  trace_persistence_rules(input, rights, drafts);
  trace_tampering_rules(input, rights, drafts);
  trace_download_rules(input, drafts);
}

}  // namespace skillaudit
