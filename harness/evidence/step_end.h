#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "harness/evidence/execution.h"

namespace skillaudit {

/// Why a step ended as it did. Only its own fault, a hang and the time-out count against a skill.
enum class StepCause {
  None,             ///< it did not run, ended as expected, or a signal ended it
  OwnFault,         ///< an error in its own code
  LacksProgram,     ///< the machine has no such program
  LacksModule,      ///< nor such a module of Python, Node, Ruby or Perl
  LacksFile,        ///< nor such a file, outside the skill
  LacksHost,        ///< a host cannot be reached
  LacksDisplay,     ///< a display, or a terminal and somebody who answers there
  LacksCredential,  ///< a key, an account, a variable that nobody set
  Usage,            ///< it asks for arguments, and nobody gave it any
  Serving,          ///< it listened and waited: it was asked, and ended as by Ctrl-C
  Hung,             ///< it neither computed nor read, wrote, sent nor served
  Time              ///< it was still busy at its limit
};
inline constexpr std::array kStepCauses = {
    StepCause::None,      StepCause::OwnFault,  StepCause::LacksProgram, StepCause::LacksModule,
    StepCause::LacksFile, StepCause::LacksHost, StepCause::LacksDisplay, StepCause::LacksCredential,
    StepCause::Usage,     StepCause::Serving,   StepCause::Hung,         StepCause::Time};
/// "lacks_program": as in report.json.
[[nodiscard]] std::string_view name_of(StepCause);

/// How a step ended, as its facts say: harness/changes/step_ends.h.
struct StepEnd {
  StepCause cause = StepCause::None;
  /// What it lacks, raw: "pandoc", "requests", "/srv/data.csv", "OPENAI_API_KEY"; may be empty.
  std::string what;
  bool tried_again = false;  ///< by a later step, whose end counts for both
  bool operator==(const StepEnd&) const = default;

  [[nodiscard]] bool lacks() const {
    return cause >= StepCause::LacksProgram && cause <= StepCause::LacksCredential;
  }
  /// Nobody's fault: the step costs nothing, and what it is for was not exercised.
  [[nodiscard]] bool is_unexercised() const { return lacks() || cause == StepCause::Usage; }
};

/// The end of one step; of what was not assessed, none.
[[nodiscard]] StepEnd end_at(const std::vector<StepEnd>& ends, std::size_t step);

/// The step of `steps` that `step` tries again, or that this one tries again, and so on; itself
/// where it tries none.
[[nodiscard]] const Step& first_try(const std::vector<Step>& steps, const Step& step);

}  // namespace skillaudit
