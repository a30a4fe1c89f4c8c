#pragma once

#include <string>
#include <vector>

#include "harness/analysis/assessment.h"

namespace skillaudit {

enum class CheckOutcome {
  Fine,
  Warning,
  Grave,
  Note,         ///< it happened, and does not count against the skill
  NotObserved,  ///< no witness supports the claim
};

struct CheckItem {
  std::string text;      ///< printable; text between backticks is code, unless it is a name
  bool is_name = false;  ///< all of it is one name or line of the guest's
};

/// One line of "System Modifications" or "Security Assessment": a claim and what it rests on. A
/// claim that no witness supports says "not observed".
struct Check {
  CheckOutcome outcome = CheckOutcome::Fine;
  std::string text;  ///< plain words of ours
  std::vector<CheckItem> items;
};

[[nodiscard]] std::vector<Check> system_checks(const Evidence& evidence,
                                               const Assessment& assessment);
[[nodiscard]] std::vector<Check> security_checks(const Evidence& evidence,
                                                 const Assessment& assessment);
/// One sentence for each thing that no witness of this audit could have seen, and for each gap in
/// what its witnesses saw: printable, plain words.
[[nodiscard]] std::vector<std::string> not_seen(const Evidence& evidence,
                                                const Assessment& assessment);

}  // namespace skillaudit
