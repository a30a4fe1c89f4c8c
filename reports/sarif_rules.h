#pragma once

#include <array>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "harness/rules/rubric.h"
#include "reports/rule_page.h"

namespace skillaudit {

/// "error", "warning" or "note".
[[nodiscard]] std::string_view sarif_level(Severity severity);

/// All rules of the rubric in its order, and last kInconclusiveRule: reportingDescriptor objects.
/// The index of a rule is its RuleId. `worst` has the severity that a rule has in this audit, where
/// that is not the rubric's: GitHub knows one for each rule.
[[nodiscard]] nlohmann::ordered_json sarif_rules(
    const Rubric& rubric, const std::array<std::optional<Severity>, kRuleCount>& worst);

}  // namespace skillaudit
