#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "harness/evidence/trace.h"

namespace skillaudit {

/// An event of the kernel's audit system while its records come: a system call is several of them,
/// with one serial number.
struct GrowingEvent {
  TraceEvent event;
  std::optional<TraceKind> kind;   ///< none: no rule of ours asked for it
  std::string watched;             ///< the path that the rule names
  bool relative_to_folder = true;  ///< false: to an unknown descriptor
};

/// Adds what one record says; `type` is one of linux/audit.h, and others than those of system calls
/// and of the audit system itself are passed over. Untrusted: texts and lists have bounds.
void add_record(GrowingEvent& growing, std::uint32_t type, std::string_view fields);

/// Once all records have come: makes paths absolute, and names what the rule watches.
void complete(GrowingEvent& growing);

/// False, and `number` unspecified, where `text` is more or less than a number.
template <typename Number>
bool read_number(std::string_view text, Number& number, int base = 10) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace skillaudit
