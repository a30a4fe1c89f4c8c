#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/evidence/evidence.h"
#include "reports/checks.h"

namespace skillaudit {

/// What every report for a person says of a run, before it is markup of any kind. Pure.

struct Fact {
  std::string label;
  CheckItem value;
  std::optional<CheckOutcome> outcome = {};  ///< of what is good or bad in itself
};

/// A name or line of the guest's, as far as `limit` goes.
[[nodiscard]] CheckItem guest_name(std::string_view raw, std::size_t limit = 300);

[[nodiscard]] std::vector<Fact> environment_facts(const Evidence& evidence);

/// The label of each prompt among the facts of an agent.
inline constexpr std::string_view kPrompt = "Prompt";

/// Who drove the skill and what it was asked; empty where no agent did.
[[nodiscard]] std::vector<Fact> agent_facts(const Evidence& evidence);

struct StepOutcome {
  CheckOutcome outcome = CheckOutcome::Fine;
  std::string text;   ///< printable; what stands between backticks is code
  bool good = false;  ///< it ended as it was meant to
};
[[nodiscard]] StepOutcome outcome_of(const Step& step);

/// Of the whole run: "Completed successfully", "1 of 2 steps as expected".
[[nodiscard]] StepOutcome outcome_of(const Execution& execution);

}  // namespace skillaudit
