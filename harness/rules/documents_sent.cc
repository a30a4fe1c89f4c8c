// Documents of the user, and files of the user's projects, in what left the guest.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "harness/base/text.h"
#include "harness/evidence/canary.h"
#include "harness/rules/consented.h"
#include "harness/rules/flow_text.h"
#include "harness/rules/hosts_named.h"
#include "harness/rules/rule_code.h"
#include "harness/rules/sends.h"

namespace skillaudit {
namespace {

constexpr std::string_view kDocument = "exfiltration.document";
constexpr std::string_view kSource = "exfiltration.source";

/// A canary's files and how each was seen, by what carried them.
using Carried = std::map<std::string, std::set<std::string>>;

Offender describe(const Source& carrier, const Flow* flow, const Carried& files) {
  Offender offender;
  std::vector<std::string> names;
  for (const auto& [name, forms] : files) names.push_back("~/" + name);
  offender.words.what = as_code_list(names, 6);
  offender.words.where = flow == nullptr ? as_code(text_of(carrier)) : as_code(asked_for(*flow));
  if (flow != nullptr) offender.evidence.push_back(cite_flow(*flow));
  for (const auto& [name, forms] : files) {
    const bool in_body = flow != nullptr && !flow->request_body.empty() &&
                         std::any_of(forms.begin(), forms.end(), [](const std::string& form) {
                           return form.starts_with("body");
                         });
    offender.evidence.push_back(cite(in_body ? source::request_body(flow->id) : carrier,
                                     fmt::format("the text of ~/{} that this audit alone has ({})",
                                                 name, join({forms.begin(), forms.end()}, "; "))));
  }
  return offender;
}

/// How far the documents say of each of these files that it is sent.
Coverage sent_named(const RuleInput& input, const Carried& files) {
  std::optional<Coverage> least;
  for (const auto& [name, forms] : files) {
    const std::string path = input.evidence.environment.guest_home + "/" + name;
    const Coverage coverage = secret_named(input, Verb::Send, path);
    if (!least || coverage.extent < least->extent) least = coverage;
  }
  return least.value_or(Coverage{});
}

/// What an agent read and told its model is shown, not sent.
bool is_to_model(const Flow* flow) {
  return flow != nullptr && flow->allowed && flow->group == "model";
}

void documents_sent(const RuleInput& input, Drafts& drafts) {
  std::map<Source, std::array<Carried, 2>> by_carrier;
  for (const DecoySighting& sighting : input.evidence.canary_sightings)
    by_carrier[sighting.evidence][is_personal_document(sighting.decoy) ? 0 : 1][sighting.decoy]
        .insert(sighting.where + ", " + sighting.encoding);
  const FlowsBySource flows(input.evidence);
  std::array<std::vector<Offender>, 2> offenders;
  for (const auto& [carrier, kinds] : by_carrier) {
    const Flow* flow = flows.at(carrier);
    if (is_to_model(flow)) continue;
    for (std::size_t i = 0; i < kinds.size(); ++i) {
      if (kinds[i].empty()) continue;
      const RubricRule& rule = input.rubric.rule(i == 0 ? kDocument : kSource);
      const Coverage coverage = sent_named(input, kinds[i]);
      if (is_free(rule.effect_class, coverage)) {
        drafts.consent(rule, Verb::Send, "~/" + kinds[i].begin()->first, *coverage.statement);
        continue;
      }
      offenders[i].push_back(describe(carrier, flow, kinds[i]));
      offenders[i].back().extent = extent_for(rule.effect_class, coverage);
    }
  }
  drafts.add_each(kDocument, offenders[0]);
  drafts.add_each(kSource, offenders[1]);
}

}  // namespace

RuleCode documents_sent_code() { return {{kDocument, kSource}, documents_sent}; }

}  // namespace skillaudit
