#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/guest/ssh_session.h"
#include "harness/machine/guest_port.h"
#include "harness/observe/step_watch.h"

namespace skillaudit {

/// The way to the program that reads a guest's state inside of it (harness/witness/main.cc has its
/// requests). A template leaves one waiting at the serial port; another one can be sent over SSH.

/// The program, an ELF file that needs nothing of the guest but its kernel. Part of this program.
[[nodiscard]] std::string_view witness_program();

/// The process in the guest that serves this session: what belongs to the audit, and not to the
/// skill. 0 when the guest does not say.
[[nodiscard]] int session_process(SshSession& guest);

class Witness {
 public:
  virtual ~Witness() = default;

  struct Answer {
    std::string stream;  ///< as harness/snapshot/capture.h describes it
    std::string view;    ///< rows of the table "files", for a capture of a frozen root
  };
  /// Called with the stream while the guest's root is frozen. Gives the paths, each ended by NUL,
  /// that the guest is asked for once it is thawed.
  using Look = std::function<std::string(std::string_view stream)>;

  /// The state of the guest. `root`: where the file walk starts; empty: the root is read from
  /// outside, by `look`, and `canary`, a path, is written before the freeze unless it is empty.
  /// Throws Error{Evidence} when the witness does not answer whole, and what `look` throws.
  Answer capture(int session, const std::string& root, const std::string& canary, const Look& look);
  /// `requests`: detail_requests() of harness/snapshot/details.h.
  Answer details(const std::string& requests);

  /// Puts `mark` into the trace, behind all that was recorded before, and says how the kernel's
  /// audit system stands. Throws Error{Evidence}.
  struct TraceStanding {
    int enabled = 0;          ///< 2: its rules are locked
    std::uint64_t lost = 0;   ///< records since the boot
    std::int64_t reader = 0;  ///< the process that it gives them to
  };
  TraceStanding end_trace(const std::string& mark);
  /// Lets the guest boot again. Its answer may be lost with it.
  void restart();
  /// How far the guest's clock is ahead of the seconds since its boot. Changes when the clock is
  /// set: it.
  double clock_offset();

 protected:
  /// A request, and what comes back: all that the guest says until `whole` finds nothing missing.
  /// Where there is a `reply` it is then asked for it, once, and what follows is read until
  /// `rest_whole` is content with that.
  struct Talk {
    std::string what;  ///< for messages: "capturing the guest's state"
    std::string request;
    std::function<bool(std::string_view said)> whole;
    std::function<std::string(std::string_view said)> reply;
    std::function<bool(std::string_view rest)> rest_whole;
    std::chrono::milliseconds patience{180'000};
  };
  virtual std::string talk(const Talk& talk) = 0;

 private:
  Answer ask(std::string what, const std::string& request, const std::string& nonce,
             const std::vector<std::string_view>& tables, const Look& look);
};

/// The one that waits at the serial port; `port` must outlive it.
class PortWitness : public Witness {
 public:
  explicit PortWitness(GuestPort& port) : port_(port) {}
  /// Whether it is still there.
  [[nodiscard]] bool answers(std::chrono::milliseconds patience);

  /// Makes the process that waits for it the reader of the trace.
  struct TraceProcesses {
    std::int64_t reader = 0;
    std::int64_t witness = 0;
  };
  TraceProcesses open_trace();

  // Of the step that the audit's session runs (harness/witness/steps.h). They do not wait long, and
  // throw Error{Evidence} where the witness does not answer.
  [[nodiscard]] StepSample watch_step(int session);
  void signal_step(int session, int number);
  /// The code of an HTTP answer; none for anything else.
  [[nodiscard]] std::optional<int> ask_port(std::uint16_t port, const std::string& request);

  /// Locks `rules` (pack_rules()), puts `mark` into the trace, and says how many were refused:
  /// those of places that are not there.
  std::size_t begin_trace(const std::string& rules, const std::string& mark);

 private:
  std::string talk(const Talk& talk) override;
  std::vector<std::int64_t> ask_of_step(const std::string& what, const std::string& nonce,
                                        const std::string& request, std::string_view word);
  GuestPort& port_;
};

/// One that is sent for each request; `guest` must outlive it.
class SshWitness : public Witness {
 public:
  explicit SshWitness(SshSession& guest) : guest_(guest) {}

 private:
  std::string talk(const Talk& talk) override;
  SshSession& guest_;
};

/// Leaves one waiting at the serial port, for the template. Throws Error{Evidence}.
void leave_witness(SshSession& guest);

}  // namespace skillaudit
