#include "harness/rules/rule_code.h"
#include "harness/rules/rules.h"

namespace skillaudit {
namespace {

constexpr std::string_view kFormat = "documentation.format";

/// Breaches of the skill format. What a skill does and does not document is judged where the effect
/// is: packages in packages.cc, hosts in network.cc.
void documentation_rules(const RuleInput& input, Drafts& drafts) {
  std::vector<Offender> offenders;
  for (const std::string& note : input.evidence.skill.notes) {
    Offender offender;
    offender.words.what = as_code(note, 200);
    offender.evidence.push_back(cite(source::skill_notes(), note));
    offenders.push_back(std::move(offender));
  }
  drafts.add_each(kFormat, offenders);
}

}  // namespace

RuleCode documentation_code() { return {{kFormat}, documentation_rules}; }

}  // namespace skillaudit
