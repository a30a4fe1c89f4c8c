#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace skillaudit {

/// What the processes of a step were at, at one moment: counters that only grow, and what they wait
/// for.
struct StepSample {
  double time_s = 0;                      ///< since the step began
  std::int64_t processes = 0;             ///< how many
  std::int64_t newest = 0;                ///< the highest pid of them
  std::int64_t ticks = 0;                 ///< of a processor, hundredths of a second
  std::int64_t bytes = 0;                 ///< read and written
  std::int64_t network = 0;               ///< bytes that passed the machine's interfaces
  std::optional<double> sleep_s = {};     ///< the longest sleep that one of them is in
  std::vector<std::uint16_t> ports = {};  ///< of TCP, on which they listen; sorted
};

enum class StepState { Busy, Serving, Hung };

/// Decides by samples, a second or so apart, whether a step works, serves or hangs. Pure.
///
/// - Serving: it listens, and for three seconds nothing but a little computing and writing
///   happened. A sleep of up to half a minute is waited for: a script may start a server, wait for
///   it and go on.
/// - Hung: for 30 s it did not compute, read, write or send, and it does not listen. A sleep whose
///   end comes before the limit is waited for; one that does not fit is ended once it is long
///   enough to count as a long sleep (evasion.long-sleep).
class StepWatch {
 public:
  /// `limit_s`: when the step is ended at the latest.
  explicit StepWatch(double limit_s) : limit_s_(limit_s) {}

  StepState look(const StepSample& sample);

 private:
  [[nodiscard]] bool serves(const StepSample& sample);
  [[nodiscard]] bool hangs(const StepSample& sample);

  double limit_s_;
  std::optional<StepSample> last_;
  StepSample served_since_;
  StepSample idle_since_;
};

}  // namespace skillaudit
