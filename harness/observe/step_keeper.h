#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/evidence/execution.h"
#include "harness/evidence/skill.h"
#include "harness/observe/step_watch.h"
#include "harness/observe/witness_client.h"

namespace skillaudit {

/// "/" and at most two paths more that the skill's texts name behind this machine's name and the
/// port: "/health" of "http://localhost:8000/health".
[[nodiscard]] std::vector<std::string> paths_to_ask(const Skill& skill, std::uint16_t port);

/// Looks after the step that runs: asks one that serves over its port and ends it as by Ctrl-C,
/// ends one that hangs, and kills what a step that ran into its limit left. All by the witness at
/// the guest's serial port, so that none of it is a process of the session, or looks like one of
/// the skill's. A witness that does not answer any more leaves steps to their limit.
class StepKeeper {
 public:
  /// `witness` and `skill` must outlive it. `session`: the process that serves the audit's session.
  /// Without `watches`, steps end by themselves or by their limit.
  StepKeeper(PortWitness& witness, int session, const Skill& skill, bool watches)
      : witness_(witness), session_(session), skill_(skill), watches_(watches) {}

  /// A step begins, and is ended after `limit`.
  void begin(std::chrono::milliseconds limit);
  /// To be called about twice a second while it runs.
  void look();
  /// It ended or ran into its limit: notes what became of it.
  void end(Step& step);
  /// Whether what a step leaves is killed: then later steps may run.
  [[nodiscard]] bool can_end() const { return answers_; }

 private:
  using Clock = std::chrono::steady_clock;
  void watch(double now);
  void ask(const StepSample& sample);
  void go_on_ending(double now);

  PortWitness& witness_;
  int session_;
  const Skill& skill_;
  bool watches_;
  bool answers_ = true;
  Clock::time_point began_;
  StepWatch watch_{0};
  double next_look_s_ = 0;
  bool hung_ = false;
  std::vector<std::uint16_t> ports_;
  std::vector<ServedAnswer> given_;
  /// The signal that was sent last, and when; none: the step is not to end.
  std::optional<std::pair<int, double>> signalled_;
};

}  // namespace skillaudit
