#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/evidence/trace.h"

namespace skillaudit {

/// Reads what the guest's trace reader sent (harness/witness/trace.cc): for each record of the
/// kernel's audit system a line "TYPE MICROSECONDS audit(TIME:SERIAL): FIELDS". Untrusted: a line
/// that is invalid is counted, a string that is too long is truncated, and no more than
/// kMostTraceEvents are kept.
inline constexpr std::size_t kMostTraceEvents = 1'000'000;

struct TraceLog {
  std::vector<TraceEvent> events;  ///< those between the marks, by serial number
  bool began = false;              ///< the first mark was there
  double began_uptime_s = 0;       ///< seconds since the guest's boot at the first mark
  bool ended = false;              ///< the second was there, after it
  std::uint64_t missing = 0;       ///< serial numbers between the two that no record bears
  std::uint64_t omitted = 0;       ///< events past kMostTraceEvents
  std::uint64_t malformed = 0;     ///< lines between the marks that are no records
};

/// `text` is read up to the second mark; times count from the first. An empty mark never comes.
[[nodiscard]] TraceLog parse_trace_log(std::string_view text, std::string_view first_mark,
                                       std::string_view second_mark);

}  // namespace skillaudit
