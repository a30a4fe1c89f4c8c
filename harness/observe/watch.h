#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "harness/base/fd.h"
#include "harness/machine/machine.h"

namespace skillaudit {

/// Watches a machine from outside while a skill runs in it, in a thread of its own: takes what
/// comes through the port of the trace, the hypervisor's events, and twice a second what the
/// machine uses.
///
/// Writes the trace and the machine's log into the bundle as things come: what has reached them no
/// process of the guest can take back. Past kMostTrace bytes the trace is read and dropped, so that
/// a guest that floods it is neither kept nor held up.
class Watch {
 public:
  /// `machine` must outlive it.
  Watch(Machine& machine, const std::filesystem::path& bundle);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  /// From now on times count.
  void begin();
  /// Seconds since the epoch, the host's clock, at begin().
  [[nodiscard]] double began_at() const { return began_at_; }
  /// From now on looks for `mark` in what comes through the port of the trace. To be called before
  /// the guest is asked for it: more may follow at once.
  void expect(const std::string& mark);
  /// Waits until the mark has come; false when it does not come in time. Throws Error{Interrupted}.
  bool await(std::chrono::milliseconds timeout);
  /// Ends the thread. Idempotent.
  void stop();
  /// Bytes of the trace that were dropped.
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

 private:
  void run();
  void take_trace();
  void take_events();
  void note(const std::string& line);
  [[nodiscard]] double now() const;

  Machine& machine_;
  Fd trace_, log_, stop_;
  std::unique_ptr<MachineMonitor> monitor_;
  bool trace_open_ = true;
  std::uint64_t written_ = 0;
  std::atomic<std::uint64_t> dropped_ = 0;
  std::size_t notes_ = 0;
  std::atomic<double> began_ = 0;  ///< by the host's clock that cannot be set
  double began_at_ = 0;

  std::mutex mutex_;
  std::condition_variable came_;
  std::string mark_, tail_;
  bool seen_ = false;
  std::thread thread_;
};

}  // namespace skillaudit
