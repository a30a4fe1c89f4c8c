#include <fmt/core.h>

#include "harness/base/text.h"
#include "harness/rules/rule_code.h"
#include "harness/rules/rules.h"

namespace skillaudit {
namespace {

constexpr std::string_view kHardCodedPath = "portability.hard-coded-path";

void portability_rules(const RuleInput& input, Drafts& drafts) {
  std::vector<Offender> offenders;
  for (const HardCodedPath& found : input.evidence.skill.hard_coded_paths) {
    const std::string where = fmt::format("{}:{}", found.file, found.line);
    Offender offender;
    offender.words.what = as_code(found.path);
    offender.words.where = as_code(where);
    offender.words.instead = as_code(found.suggestion);
    offender.evidence.push_back(cite(source::skill_file(found.file, found.line), found.path));
    offenders.push_back(std::move(offender));
  }
  drafts.add_each(kHardCodedPath, offenders);
}

}  // namespace

RuleCode portability_code() { return {{kHardCodedPath}, portability_rules}; }

}  // namespace skillaudit
