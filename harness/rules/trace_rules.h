#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/rules/rights.h"
#include "harness/rules/rules.h"

namespace skillaudit {

/// The rules of the trace by topic; trace_rules() calls them where there is a trace.
void trace_credential_rules(const RuleInput&, Drafts&);
void trace_privilege_rules(const RuleInput&, const Rights&, Drafts&);
void trace_evasion_rules(const RuleInput&, const Rights&, Drafts&);
void trace_waiting_rules(const RuleInput&, Drafts&);
void trace_persistence_rules(const RuleInput&, const Rights&, Drafts&);
void trace_tampering_rules(const RuleInput&, const Rights&, Drafts&);
void trace_download_rules(const RuleInput&, Drafts&);

/// Who addressed `contact`, where the trace knows.
[[nodiscard]] std::optional<Citation> cite_connector(const RuleInput&, const WireContact& contact);

/// Who read a file that is a decoy before something left the machine, and how long before: "pid 812
/// `curl` (child of …) read ~/.aws/credentials at +1.2 s; 0.3 s later flow 7 carried …". `carried`
/// is what went out: raw bytes.
[[nodiscard]] std::optional<Citation> cite_reader(const RuleInput&, std::string_view decoy,
                                                  const Flow* flow, const std::string& carried);

}  // namespace skillaudit
