#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/evidence/execution.h"
#include "harness/evidence/skill.h"
#include "harness/runner/plan.h"

namespace skillaudit {

/// The arguments that a program asks for, by its usage line, the words of argparse and click, or
/// its code (`sys.argv[1]`, `process.argv[2]`, `$1`), with a value for each: see argument_value().
/// `program`: the base name of its file. `given`: what it got before and asked for more; a word of
/// them that its usage repeats (a subcommand) stays. Empty where it asks for none that can be told.
[[nodiscard]] std::vector<std::string> arguments_asked(std::string_view said, std::string_view code,
                                                       std::string_view program,
                                                       const std::vector<std::string>& given,
                                                       const std::vector<std::string>& files);

/// The step once more, with the arguments that it asked for when nobody, or a try before this one,
/// gave it any; none where it did not ask, or asks for the same again. `files`: those of the
/// working directory, relative to it. Only steers: what the guest says here proves nothing.
[[nodiscard]] std::optional<PlannedStep> with_arguments(const PlannedStep& planned,
                                                        const Step& step, const Skill& skill,
                                                        const std::vector<std::string>& files);

}  // namespace skillaudit
