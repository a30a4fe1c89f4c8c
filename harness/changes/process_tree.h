#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "harness/changes/exec_name.h"
#include "harness/changes/own_accord.h"
#include "harness/evidence/evidence.h"

namespace skillaudit {

/// Who started whom, as the trace tells it. A pid is used again, so a process is one life of a pid:
/// from the fork that made it, or the first event that shows it, to its exit. Built in one pass
/// over the events; no answer takes longer however many processes there are, or however long a
/// chain of them is.
class ProcessTree {
 public:
  using Process = std::uint32_t;
  static constexpr Process kNobody = UINT32_MAX;

  /// Keeps a reference to `evidence`.
  explicit ProcessTree(const Evidence& evidence);

  [[nodiscard]] const std::vector<TraceEvent>& events() const { return events_; }
  /// Indexes of the events of one kind, in their order.
  [[nodiscard]] const std::vector<std::uint32_t>& of_kind(TraceKind kind) const {
    return by_kind_[static_cast<std::size_t>(kind)];
  }
  /// The process that an event is of; `event` is an index of events().
  [[nodiscard]] Process process(std::size_t event) const { return process_of_[event]; }
  /// The process that a Fork made, or that a Ptrace or Kill was aimed at; kNobody for any other.
  [[nodiscard]] Process target(std::size_t event) const;
  [[nodiscard]] Process parent(Process process) const { return lives_[process].parent; }
  [[nodiscard]] std::size_t processes() const { return lives_.size(); }
  /// Whether `process` is `ancestor`, or was started by it or by what it started.
  [[nodiscard]] bool is_descendant(Process process, Process ancestor) const;
  /// Whether the event is the skill's: of a process that the session which runs the steps started,
  /// at whatever remove, or that came on request, and nothing that the agent's own programs do
  /// without a skill.
  [[nodiscard]] bool of_skill(std::size_t event) const {
    return acts_for_skill(event) && !is_of_agent(event);
  }
  /// The same, with what the agent's own programs do.
  [[nodiscard]] bool acts_for_skill(std::size_t event) const;
  [[nodiscard]] bool is_of_skill(Process process) const {
    return is_of_session(process) || is_on_request(process);
  }
  /// Whether a program that was there before the skill began (systemd, cron, at, D-Bus, sshd, udev,
  /// the kernel's helpers) started the process afterwards, and nothing that the machine does by
  /// itself explains it: see changes/own_accord.h. Then the skill asked for it.
  [[nodiscard]] bool is_on_request(Process process) const {
    return process != kNobody && lives_[process].cause == Cause::Request;
  }
  /// Whether the process is a step's own shell, as the session started it.
  [[nodiscard]] bool is_shell_of_step(Process process) const;
  /// Whether something that was ordered from systemd, cron or at came of it while the trace ran.
  [[nodiscard]] bool started_by_system(std::size_t event) const;

  /// The Exec that made of the process what it was at the event: its own, or the one that it was
  /// forked with. Null for what was there before the trace.
  [[nodiscard]] const TraceEvent* image(std::size_t event) const {
    return image_of(process_of_[event], event);
  }
  /// The same of any process at the time of an event.
  [[nodiscard]] const TraceEvent* image_of(Process process, std::size_t event) const;
  /// The step that the process belongs to; null for what is not the skill's.
  [[nodiscard]] const Step* step(std::size_t event) const;

  /// How a name of the guest is written into a sentence.
  using Quote = std::function<std::string(std::string_view)>;
  /// "`curl` (child of `scripts/setup.sh`)", the same in each run: no process ids.
  [[nodiscard]] std::string who(std::size_t event, const Quote& quote) const;
  /// What a person would call the process: raw bytes.
  [[nodiscard]] std::string name(std::size_t event) const;
  /// The same of any process at the time of an event; empty for one that the trace knows only by
  /// its number.
  [[nodiscard]] std::string name_of(Process process, std::size_t event) const;

  /// Time of the trace at which the skill began; 0 where no step shows in it.
  [[nodiscard]] double began_s() const { return began_s_; }
  /// Seconds after the skill began.
  [[nodiscard]] double time_of(const TraceEvent& event) const { return event.time_s - began_s_; }

 private:
  static constexpr std::uint32_t kNoEvent = UINT32_MAX;
  enum class Cause : std::uint8_t {
    Unknown,  ///< the session's, from before, or a copy of its starter that executed nothing yet
    Machine,  ///< the machine does so by itself
    Request,
  };
  struct Life {
    std::int64_t pid = 0;
    Process parent = kNobody;
    std::uint32_t first = kNoEvent;  ///< the event that showed it
    std::uint32_t enter = 0;         ///< places in a walk of the tree: 0 where it was never reached
    std::uint32_t leave = 0;
    std::int32_t step = -1;              ///< which child of the session it came of
    Process root = kNobody;              ///< its first ancestor of which the trace has no fork
    Process carrier = kNobody;           ///< which ancestor executed what it was forked with
    std::uint32_t inherited = kNoEvent;  ///< that Exec
    Cause cause = Cause::Unknown;        ///< of what the machine's own programs started
    bool forked = false;                 ///< the fork that made it is in the trace
    bool exited = false;
    bool of_unset_login = false;
  };

  [[nodiscard]] bool is_of_session(Process process) const;
  [[nodiscard]] bool is_of_agent(std::size_t event) const;
  [[nodiscard]] Cause cause_of(Process process, const Life& parent) const;
  [[nodiscard]] bool is_helper_of_kernel(Process process) const;
  [[nodiscard]] Starter starter_of(Process process) const;
  [[nodiscard]] bool is_started_by_agent(Process process, std::size_t event) const;
  Process add(std::int64_t pid, std::size_t event);
  Process latest(std::int64_t pid, std::size_t event);
  Process process_for(const TraceEvent& event, std::size_t index);
  void fork(const TraceEvent& event, std::size_t index, Process forker);
  void walk();
  void enter(Process process);
  /// The last Exec of the process itself up to the event.
  [[nodiscard]] std::uint32_t own_image(Process process, std::size_t event) const;
  [[nodiscard]] std::uint32_t image_index(Process process, std::size_t event) const;

  const Evidence& evidence_;
  const std::vector<TraceEvent>& events_;
  std::vector<Life> lives_;
  std::vector<Process> process_of_;                         ///< by event
  std::vector<std::pair<std::uint32_t, Process>> targets_;  ///< sorted by event
  std::vector<std::pair<Process, std::uint32_t>> execs_;    ///< sorted
  std::array<std::vector<std::uint32_t>, kTraceKinds> by_kind_;
  std::unordered_map<std::int64_t, Process> latest_;  ///< by pid
  std::vector<std::size_t> ran_;                      ///< Execution.steps that ran
  Process session_ = kNobody;
  std::int32_t steps_ = 0;
  std::uint32_t first_step_ = kNoEvent;  ///< the Exec with which the first step begins
  double began_s_ = 0;
};

/// Files of the skill that were executed, or that an interpreter was told to run, relative to its
/// folder; sorted.
[[nodiscard]] std::vector<std::string> files_run(const Evidence& evidence);

/// What a program of the agent's own did, as its control lists it; empty for what any program does
/// (fork, exec, exit, connect) and for other programs. `programs` is AgentRun::programs.
[[nodiscard]] std::string deed_of_agent(const TraceEvent& event, const std::string& programs);

}  // namespace skillaudit
