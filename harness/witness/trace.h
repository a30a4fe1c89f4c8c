#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace witness {

/// The trace of what processes do: records of the kernel's audit system, on their way out of the
/// guest as they come.

/// The process that is the kernel's audit daemon and writes what it is told to a serial port of its
/// own. It waits for the command to begin: a VM that is not audited is not traced.
class TraceReader {
 public:
  /// Starts the process, which calls `dress` first. Without a port at `path` begin() fails.
  TraceReader(std::string path, std::function<void()> dress);
  /// Makes it the kernel's audit daemon in place of any other. Throws Failure.
  void begin();
  /// Puts another process in the place of one that was killed after begin(), so that what comes
  /// later is recorded all the same. To be called after SIGCHLD.
  void revive();
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  void start();
  std::string path_;
  std::function<void()> dress_;
  pid_t pid_ = -1;
  int tell_ = -1;
  bool begun_ = false;
};

/// What the kernel says of its audit system.
struct TraceStatus {
  std::uint32_t enabled = 0;  ///< 2: its rules are locked until the next boot
  std::uint32_t lost = 0;     ///< records since the boot
  pid_t reader = 0;           ///< the registered daemon
};
/// Each function throws Failure.
[[nodiscard]] TraceStatus trace_status();

struct RulesAdded {
  std::size_t added = 0;
  std::size_t refused = 0;  ///< such as a watch of a place that is not there
};
/// `rules`: for each its size as four bytes, the lowest first, and a struct audit_rule_data. Locks
/// them.
[[nodiscard]] RulesAdded lock_rules(std::string_view rules);

/// Puts `text` into the stream, after all that was recorded before.
void mark_trace(std::string_view text);

}  // namespace witness
