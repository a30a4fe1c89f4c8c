#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/evidence/agent.h"
#include "harness/evidence/execution.h"
#include "harness/evidence/flow.h"
#include "harness/evidence/skill.h"
#include "harness/model/recording.h"

namespace skillaudit {

/// Flow::group of what an agent says to its model.
inline constexpr std::string_view kModelGroup = "model";

/// Gives the content of a file that a flow names (Flow::request_body, Flow::response_body).
using KeptFiles = std::function<std::string(const std::string& file)>;

/// The conversation in the flows of group "model". `gaps` gets an entry for each exchange
/// that cannot be read.
[[nodiscard]] Transcript read_transcript(const std::vector<Flow>& flows, const KeptFiles& read_kept,
                                         const Skill& skill, std::vector<Gap>& gaps);

/// The same exchanges as they are, for a recording: those that were answered.
[[nodiscard]] std::vector<Exchange> read_exchanges(const std::vector<Flow>& flows,
                                                   const KeptFiles& read_kept);

/// What the agent says that its runs cost, in US dollars: the sum of "total_cost_usd" in their
/// output, which Claude Code prints. None where it says nothing.
[[nodiscard]] std::optional<double> told_cost(const Execution& execution);

/// Whether most of a text's longer lines reached the model: agents number lines, cut
/// front matter off and put words of their own around.
[[nodiscard]] bool stands_in(std::string_view text, std::string_view whole);

}  // namespace skillaudit
