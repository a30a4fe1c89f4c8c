#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/rules/rights.h"
#include "harness/rules/rules.h"

namespace skillaudit {

/// The rules whose conditions are `seen_in: trace`, asked about what the trace shows to have been
/// written and taken back. There must be a trace.
void undone_file_effects(const RuleInput&, Drafts&);

/// Who addressed `contact`, where the trace knows.
[[nodiscard]] std::optional<Citation> cite_connector(const RuleInput&, const WireContact& contact);

/// Whether the skill opened a secret by the event: a decoy, or the password hashes, and not the
/// program whose own credentials these are.
[[nodiscard]] bool is_secret_read(const RuleInput&, std::size_t event, std::string_view path);

/// Who read a file that is a decoy before something left the machine, and how long before: "pid 812
/// `curl` (child of …) read ~/.aws/credentials at +1.2 s; 0.3 s later flow 7 carried …". `carried`
/// is what went out: raw bytes.
[[nodiscard]] std::optional<Citation> cite_reader(const RuleInput&, std::string_view decoy,
                                                  const Flow* flow, const std::string& carried);

}  // namespace skillaudit
