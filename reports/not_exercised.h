#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/analysis/assessment.h"
#include "harness/evidence/evidence.h"

namespace skillaudit {

/// A part of the skill that nobody saw act, and the option of `skillaudit run` that would exercise
/// it.
struct NotExercised {
  std::string what;    ///< printable, text between backticks is code: "the step `scripts/x.sh`"
  std::string why;     ///< the same, a clause: "needs `pandoc`, which this machine lacks"
  std::string reach;   ///< what it could harm: "the network, secrets"; empty where that is not told
  std::string option;  ///< "--package pandoc", quoted for a shell; empty: none would settle it
};

/// Steps first, then everything else that the audit says it could not exercise.
[[nodiscard]] std::vector<NotExercised> not_exercised(const Evidence& evidence,
                                                      const Assessment& assessment);

/// "the step `x` needs `pandoc`, which this machine lacks; its code could reach the network".
[[nodiscard]] std::string in_words(const NotExercised& part);

/// "skillaudit run my-skill --package pandoc": to be pasted into a shell. The skill stands with its
/// name where that is plain, else as SKILL.
[[nodiscard]] std::string exercise_command(const Evidence& evidence,
                                           const std::vector<std::string>& options,
                                           std::string_view program = "skillaudit");

/// One command with the options of all of them; empty where they would not go together, or there is
/// only one.
[[nodiscard]] std::string exercise_all_command(const Evidence& evidence,
                                               const std::vector<NotExercised>& parts,
                                               std::string_view program = "skillaudit");

/// The options of `skillaudit run` that the above may name.
[[nodiscard]] std::vector<std::string_view> exercising_options();

}  // namespace skillaudit
