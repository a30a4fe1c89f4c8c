#include <fmt/core.h>

#include "harness/base/text.h"
#include "harness/rules/rule_code.h"
#include "harness/rules/rules.h"
#include "harness/skill/hidden_text.h"

namespace skillaudit {
namespace {

constexpr std::string_view kOpaqueFile = "documentation.opaque-file";
constexpr std::string_view kHiddenText = "documentation.hidden-text";
constexpr std::string_view kHiddenMessage = "documentation.hidden-message";
constexpr std::string_view kLookalikes = "documentation.lookalike-letters";
constexpr std::string_view kNotLoadable = "documentation.not-loadable";
constexpr std::string_view kSecretInside = "documentation.secret-inside";
constexpr std::string_view kBroadTools = "documentation.broad-tools";

std::string place_of_fact(const StaticFact& fact) {
  return fact.line > 0 ? fmt::format("{}:{}", fact.file, fact.line) : fact.file;
}

Offender offender_of(const StaticFact& fact) {
  const std::string place = place_of_fact(fact);
  Offender offender;
  offender.words.where = as_code(place);
  const bool is_file = fact.kind == StaticFactKind::OpaqueFile;
  offender.words.what = is_file ? fmt::format("{} ({})", as_code(fact.file), printable(fact.text))
                                : as_code(fact.text, 240);
  offender.evidence.push_back(cite(source::skill_file(fact.file, fact.line), fact.text));
  return offender;
}

/// A program or an archive that the documents name is what its author says it is; so says the
/// rubric.
bool is_excused(const RuleInput& input, const StaticFact& fact) {
  if (!input.excusable(kOpaqueFile, Excuse::Path)) return false;
  return input.documented.skill_file(fact.file) ||
         input.documented.names(input.evidence.environment.skill_dir + "/" + fact.file);
}

/// What stands in the skill's files, whether or not this run came upon it.
void static_rules(const RuleInput& input, Drafts& drafts) {
  std::vector<Offender> hidden;
  std::vector<Offender> messages;
  std::vector<Offender> lookalikes;
  std::vector<Offender> secrets;
  std::vector<Offender> opaque;
  std::vector<std::string> broad;
  Offender tools;
  for (const StaticFact& fact : input.evidence.skill.static_facts) {
    switch (fact.kind) {
      case StaticFactKind::HiddenText:
        (hides_a_message(input.evidence.skill, fact.file) ? messages : hidden)
            .push_back(offender_of(fact));
        break;
      case StaticFactKind::NotLoadable:
        drafts.add(kNotLoadable, {printable(fact.text), "", ""},
                   {cite(source::skill_file(fact.file, fact.line), fact.text)});
        break;
      case StaticFactKind::Lookalike:
        lookalikes.push_back(offender_of(fact));
        break;
      case StaticFactKind::Secret:
        secrets.push_back(offender_of(fact));
        break;
      case StaticFactKind::OpaqueFile:
        if (!is_excused(input, fact)) opaque.push_back(offender_of(fact));
        break;
      case StaticFactKind::BroadTools:
        broad.push_back(fact.text);
        tools.evidence.push_back(cite(source::skill_file(fact.file, fact.line), fact.text));
        break;
    }
  }
  drafts.add_each(kHiddenText, hidden);
  drafts.add_each(kHiddenMessage, messages);
  drafts.add_each(kLookalikes, lookalikes);
  drafts.add_each(kSecretInside, secrets);
  drafts.add_each(kOpaqueFile, opaque);
  // One list, one note: each entry of it is mended by the same thought.
  if (!broad.empty()) drafts.add(kBroadTools, {as_code_list(broad), "", ""}, tools.evidence);
}

}  // namespace

RuleCode static_code() {
  return {{kOpaqueFile, kHiddenText, kHiddenMessage, kLookalikes, kNotLoadable, kSecretInside,
           kBroadTools},
          static_rules};
}

}  // namespace skillaudit
