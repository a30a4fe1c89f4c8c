#include "harness/evidence/step_end.h"

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

}  // namespace skillaudit
