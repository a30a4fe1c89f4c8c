#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "harness/rules/rubric.h"
#include "reports/rule_page.h"

namespace skillaudit {

/// "error", "warning" or "note".
[[nodiscard]] std::string_view sarif_level(Severity severity);

/// All rules of the rubric in its order, and last kInconclusiveRule: reportingDescriptor objects.
/// `worst` has, by the rule's id, the severity that a rule has in this audit, where
/// that is not the rubric's: GitHub knows one for each rule.
[[nodiscard]] nlohmann::ordered_json sarif_rules(const Rubric& rubric,
                                                 const std::map<std::string_view, Severity>& worst);

}  // namespace skillaudit
