// What left another way because the home had other secrets.
#include <fmt/core.h>

#include <map>

#include "harness/base/text.h"
#include "harness/rules/rule_code.h"
#include "harness/rules/rules.h"

namespace skillaudit {
namespace {

constexpr std::string_view kDependsOnSecrets = "exfiltration.depends-on-secrets";
constexpr std::size_t kMostCited = 6;

void depends_on_secrets(const RuleInput& input, Drafts& drafts) {
  std::map<std::string, Offender> by_host;
  for (const Dependence& each : input.evidence.dependences) {
    Offender& offender = by_host[each.to];
    if (offender.evidence.empty()) {
      offender.words.what = each.where;
      offender.words.where = each.to.empty() ? "bypassing the proxy" : as_code(each.to);
    }
    if (offender.evidence.size() + 2 > kMostCited) continue;
    const auto said = [&](std::string_view text, const char* when) {
      return fmt::format("{}, {}: {}", each.where, when,
                         text.empty() ? "nothing" : std::string(text));
    };
    offender.evidence.push_back(cite(each.evidence, said(each.text, "with the audit's secrets")));
    offender.evidence.push_back(cite(each.other, said(each.other_text, "with other secrets")));
  }
  std::vector<Offender> offenders;
  for (auto& [host, offender] : by_host) offenders.push_back(std::move(offender));
  drafts.add_each(kDependsOnSecrets, offenders);
}

}  // namespace

RuleCode dependence_code() { return {{kDependsOnSecrets}, depends_on_secrets}; }

}  // namespace skillaudit
