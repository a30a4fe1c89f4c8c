#include "harness/analysis/unexercised.h"

#include <fmt/core.h>

#include <string_view>

#include "harness/base/text.h"
#include "harness/rules/rules.h"

namespace skillaudit {

std::string what_it_wants(const StepEnd& end) {
  const auto named = [&](std::string_view kind, std::string_view some) {
    return end.what.empty() ? std::string(some) : fmt::format("{}{}", kind, as_code(end.what));
  };
  switch (end.cause) {
    case StepCause::LacksProgram:
      return fmt::format("needs {}, which this machine lacks", named("", "a program"));
    case StepCause::LacksModule:
      return fmt::format("needs {}, which this machine lacks", named("the module ", "a module"));
    case StepCause::LacksFile:
      return fmt::format("needs {}, which is not on this machine", named("", "a file"));
    case StepCause::LacksHost:
      return "needs a host that cannot be reached from here";
    case StepCause::LacksDisplay:
      return "needs a display or a terminal, which this machine lacks";
    case StepCause::LacksCredential:
      return fmt::format("needs {}, which nobody set", named("", "a credential"));
    case StepCause::Usage:
      return "asks for arguments";
    default:
      return {};
  }
}

std::vector<Gap> unexercised_steps(const Evidence& evidence, const std::vector<StepEnd>& ends) {
  const std::vector<Step>& steps = evidence.execution.steps;
  std::vector<Gap> gaps;
  for (std::size_t i = 0; i < steps.size() && i < ends.size(); ++i) {
    if (!ends[i].is_unexercised() || ends[i].tried_again) continue;
    gaps.push_back(Gap::not_exercised(
        GapSource::Execution, fmt::format("not exercised: the step {} {}", as_code(steps[i].name),
                                          what_it_wants(ends[i]))));
  }
  return gaps;
}

}  // namespace skillaudit
