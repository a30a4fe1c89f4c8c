#pragma once

#include <string_view>
#include <vector>

namespace skillaudit {

struct RuleInput;
class Drafts;

/// Code that finds what no condition of a rule's data can say.
struct RuleCode {
  std::vector<std::string_view> finds;  ///< ids of the rules of which it has findings, no other
  void (*run)(const RuleInput&, Drafts&) = nullptr;
};

/// All of it: a function for each file of harness/rules/ that has some.
[[nodiscard]] const std::vector<RuleCode>& rule_code();

}  // namespace skillaudit
