#pragma once

#include <string>
#include <string_view>

namespace skillaudit {

/// Whether `text` is a day of the calendar written as "2027-01-31" (RFC 3339, full-date). Such days
/// compare as their texts do.
[[nodiscard]] bool is_calendar_day(std::string_view text);

/// Today in UTC.
[[nodiscard]] std::string today();

}  // namespace skillaudit
