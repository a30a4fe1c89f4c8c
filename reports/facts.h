#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/analysis/assessment.h"
#include "harness/evidence/evidence.h"
#include "harness/evidence/world.h"
#include "harness/rules/rubric.h"
#include "reports/checks.h"

namespace skillaudit {

/// Facts about a run that every report for people shows, as plain text before any markup. Pure.

struct Fact {
  std::string label;
  CheckItem value;
  std::optional<CheckOutcome> outcome = {};  ///< set if the fact is good or bad
};

/// Whether anything came to pass that could have had effects.
[[nodiscard]] bool something_ran(const Execution& execution);

/// A name or line from the guest, shortened to `limit` bytes.
[[nodiscard]] CheckItem guest_name(std::string_view raw, std::size_t limit = 300);

[[nodiscard]] std::vector<Fact> environment_facts(const Evidence& evidence,
                                                  const Assessment& assessment);

/// "`https://example.org/team/skills.git` at commit `0123…`, `skills/notes`": where the skill was
/// cloned from; empty where it was not.
[[nodiscard]] std::string source_text(const Skill& skill);

/// "With rules of a team's own: `acme.yaml` (2 rules)", for reports that have no such facts; empty
/// where only the shipped rules were in force.
[[nodiscard]] std::string added_rules(const Assessment& assessment);
[[nodiscard]] std::string added_rules(const std::vector<AddedRules>& added);

/// The further clones of the audit.
[[nodiscard]] std::vector<WorldKind> worlds_of(const Evidence& evidence);

/// Where a finding was seen beside the first clone, as a clause: "also in the world `answering`",
/// "in the world `answering` alone"; empty where the first clone alone shows it.
[[nodiscard]] std::string seen_where(const Finding& finding);

/// The label of each prompt in agent_facts().
inline constexpr std::string_view kPrompt = "Prompt";

/// The agent that ran the skill and its prompts; empty without an agent.
[[nodiscard]] std::vector<Fact> agent_facts(const Evidence& evidence);

/// How a step is shown: by its command, and by the name under which the evidence has it.
struct StepTitle {
  std::string what;  ///< the command's first line; the name if none, the audit's own, or an agent's
  std::string name;  ///< empty if `what` says the same
};
/// Raw text of the bundle: escape before showing.
[[nodiscard]] StepTitle title_of(const Step& step, const Evidence& evidence);

struct StepOutcome {
  CheckOutcome outcome = CheckOutcome::Fine;
  std::string text;   ///< printable; text between backticks is code
  bool good = false;  ///< it ended as expected
};
[[nodiscard]] StepOutcome outcome_of(const Step& step, const StepEnd& end);

/// For the whole run: "Completed successfully", "1 of 2 steps as expected".
/// `ends`: Assessment::ends.
[[nodiscard]] StepOutcome outcome_of(const Execution& execution, const std::vector<StepEnd>& ends);

}  // namespace skillaudit
