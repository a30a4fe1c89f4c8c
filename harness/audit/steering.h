#pragma once

#include <atomic>
#include <chrono>
#include <future>
#include <string>
#include <thread>

#include "harness/audit/sandbox.h"
#include "harness/evidence/coverage.h"
#include "harness/evidence/skill.h"
#include "harness/observe/observe.h"

namespace skillaudit {

/// When the lines that run are measured.
enum class MeasureLines {
  Never,
  Beside,  ///< while the audit runs
  After    ///< when its VM has ended: other audits use the processors
};

/// A clone that only steers: it runs the steps of an audit once more, with the tracing of lines
/// switched on, on a thread of its own. Nothing that happens there becomes evidence: its flows,
/// its network and its console go with it. What goes wrong there is a sentence in the result, and
/// never fails the audit. It waits for no memory.
class Steering {
 public:
  /// All of it must outlive this, but for the observation. `sandbox`: of the audit.
  Steering(MachineProvider& provider, const SandboxSpec& sandbox, Observation observation,
           const Skill& skill);
  ~Steering();
  Steering(const Steering&) = delete;
  Steering& operator=(const Steering&) = delete;

  /// Idempotent.
  void start();
  /// Ends it after `patience` at the latest, and says what it measured until then. Throws
  /// Error{Interrupted} on Ctrl-C.
  [[nodiscard]] LineCoverage finish(std::chrono::milliseconds patience);

 private:
  [[nodiscard]] LineCoverage measure();
  void run(LineCoverage& coverage);

  MachineProvider& provider_;
  SandboxSpec sandbox_;
  Observation observation_;
  const Skill& skill_;
  std::string skill_dir_;
  std::atomic<bool> is_late_ = false;
  std::future<LineCoverage> result_;  ///< its destructor waits for the thread
};

}  // namespace skillaudit
