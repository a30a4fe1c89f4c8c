#include "harness/evidence/given_host.h"

#include <algorithm>

namespace skillaudit {

bool was_given(const Execution& execution, std::string_view host) {
  return host == kGivenHost &&
         std::any_of(execution.steps.begin(), execution.steps.end(), [](const Step& step) {
           const bool is_ours = step.tentative || !step.again.empty() || !step.in_words.empty();
           return step.ran && is_ours && step.command.find(kGivenHost) != std::string::npos;
         });
}

}  // namespace skillaudit
