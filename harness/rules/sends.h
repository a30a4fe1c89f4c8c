#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "harness/rules/rules.h"

namespace skillaudit {

/// What rules share that ask what left, and when.

/// The clocks of the guest's trace and of the proxy agree to a fraction of a second.
inline constexpr double kClockSlack = 0.5;
/// Fewer unexplained bytes are a version, a counter or the time of day; a key has 16 and more.
inline constexpr std::size_t kLeastSecret = 16;

/// Seconds of the trace's clock at which a flow was sent; none where that cannot be told.
[[nodiscard]] std::optional<double> time_in_trace(const RuleInput&, const Flow& flow);

/// Flows by what findings cite of them: "flows.jsonl#7".
class FlowsBySource {
 public:
  /// Keeps pointers to the flows.
  explicit FlowsBySource(const Evidence& evidence);
  /// Null for a source that is no flow.
  [[nodiscard]] const Flow* at(const Source& source) const;

 private:
  std::map<Source, const Flow*> flows_;
};

/// What left that no visible text explains, and is not the agent's own.
class UnexplainedSends {
 public:
  explicit UnexplainedSends(const RuleInput& input);
  /// Whether enough to hold a secret left after that time of the trace.
  [[nodiscard]] bool any_after(double time_s) const;

 private:
  struct Sent {
    double time_s;  ///< of the trace; the end of all time where it cannot be told
    std::size_t bytes;
  };
  std::vector<Sent> sent_;
};

}  // namespace skillaudit
