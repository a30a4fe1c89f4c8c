#pragma once

#include <string>
#include <vector>

#include "harness/evidence/evidence.h"
#include "harness/evidence/step_end.h"
#include "harness/skill/reach.h"

namespace skillaudit {

/// What a step that was not exercised wanted, as a clause: "needs `pandoc`, which this machine
/// lacks", "asks for arguments". Text between backticks is code; the rest is printable.
[[nodiscard]] std::string what_it_wants(const StepEnd& end);

/// A step that did not come to what it is for, through nobody's fault.
struct Unexercised {
  std::size_t step = 0;       ///< of Execution::steps
  std::string why;            ///< a clause: "asks for arguments"; text between backticks is code
  ReachSet reach;             ///< what its code could harm, and nobody saw; never none
  bool lacks_answer = false;  ///< it ran, and asked a host that cannot answer from here
};

/// In the order of the steps. One that was tried again is told of by the step that tried it.
[[nodiscard]] std::vector<Unexercised> unexercised_parts(const Evidence& evidence,
                                                         const std::vector<StepEnd>& ends);
/// "the network, secrets"; "anything: it is no text".
[[nodiscard]] std::string reach_in_words(const Unexercised& part);

/// The same as gaps.
[[nodiscard]] std::vector<Gap> unexercised_steps(const Evidence& evidence,
                                                 const std::vector<StepEnd>& ends);

}  // namespace skillaudit
