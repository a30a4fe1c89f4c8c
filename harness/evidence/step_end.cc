#include "harness/evidence/step_end.h"

#include <algorithm>

namespace skillaudit {

std::string_view name_of(StepCause cause) {
  static constexpr std::array<std::string_view, kStepCauses.size()> kNames = {
      "none",       "own_fault",  "lacks_program", "lacks_module",
      "lacks_file", "lacks_host", "lacks_display", "lacks_credential",
      "usage",      "serving",    "hung",          "time"};
  return kNames.at(static_cast<std::size_t>(cause));
}

StepEnd end_at(const std::vector<StepEnd>& ends, std::size_t step) {
  return step < ends.size() ? ends[step] : StepEnd{};
}

const Step& first_try(const std::vector<Step>& steps, const Step& step) {
  // A bundle that was changed may hold a circle.
  constexpr int kMostTries = 8;
  const Step* first = &step;
  for (int i = 0; i < kMostTries && !first->again.empty(); ++i) {
    const auto found = std::find_if(steps.begin(), steps.end(),
                                    [&](const Step& each) { return each.name == first->again; });
    if (found == steps.end()) break;
    first = &*found;
  }
  return *first;
}

}  // namespace skillaudit
