#include <algorithm>
#include <array>
#include <cctype>

#include "harness/model/recording.h"

namespace skillaudit {
namespace {

constexpr auto kCalendar = std::to_array<std::string_view>(
    {"Mon",     "Tue",       "Wed",      "Thu",      "Fri",      "Sat",    "Sun",  "Monday",
     "Tuesday", "Wednesday", "Thursday", "Friday",   "Saturday", "Sunday", "Jan",  "Feb",
     "Mar",     "Apr",       "May",      "Jun",      "Jul",      "Aug",    "Sep",  "Oct",
     "Nov",     "Dec",       "January",  "February", "March",    "April",  "June", "July",
     "August",  "September", "October",  "November", "December", "AM",     "PM"});

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

/// mktemp(1) draws six letters and digits or more; see analysis/outcome.h for the same in reports.
bool is_drawn(std::string_view word) {
  if (std::any_of(word.begin(), word.end(), is_digit)) return true;
  // Base32 by chance without a digit: one of thirty keys' ids of AWS.
  if (word.size() >= 16 && std::all_of(word.begin(), word.end(), is_upper)) return true;
  if (word.size() >= 8 && std::all_of(word.begin(), word.end(), is_hex)) return true;
  if (std::find(kCalendar.begin(), kCalendar.end(), word) != kCalendar.end()) return true;
  return word.size() >= 6 && std::any_of(word.begin() + 1, word.end(), is_upper) &&
         std::any_of(word.begin(), word.end(), is_lower);
}

/// Length of a UUID at the text's start (RFC 9562), or 0.
std::size_t uuid_length(std::string_view text) {
  constexpr std::size_t kLength = 36;
  if (text.size() < kLength || (text.size() > kLength && is_word(text[kLength]))) return 0;
  for (std::size_t i = 0; i < kLength; ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !is_hex(text[i])) return 0;
  }
  return kLength;
}

/// Length of "{{decoy:aws-secret-key}}" at the text's start, or 0.
std::size_t placeholder_length(std::string_view text) {
  if (!text.starts_with("{{")) return 0;
  const std::size_t end = text.find("}}");
  const bool one_line =
      end != std::string_view::npos && text.substr(0, end).find('\n') == text.npos;
  return one_line && end < 200 ? end + 2 : 0;
}

}  // namespace

std::string without_drawn_text(std::string_view text) {
  std::string plain;
  const auto add_star = [&] {
    // "12.5" and "12.25.1": how many parts a number has may change too.
    if (!plain.ends_with('*')) plain += '*';
  };
  while (!text.empty()) {
    std::size_t length = 0;
    if (is_word(text[0])) {
      if ((length = uuid_length(text)) > 0) {
        add_star();
      } else {
        length = static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_word) -
                                          text.begin());
        const std::string_view word = text.substr(0, length);
        if (is_drawn(word))
          add_star();
        else
          plain += word;
      }
    } else if ((length = placeholder_length(text)) > 0) {
      plain += text.substr(0, length);
    } else if (std::isspace(static_cast<unsigned char>(text[0]))) {
      length = 1;
      if (!plain.empty() && plain.back() != ' ') plain += ' ';
    } else {
      length = 1;
      plain += text[0];
    }
    text.remove_prefix(length);
  }
  while (plain.ends_with(' ')) plain.pop_back();
  return plain;
}

}  // namespace skillaudit
