#include "harness/consent/network_denial.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

#include "harness/base/among.h"
#include "harness/consent/lexicon.h"
#include "harness/consent/word_class.h"

namespace skillaudit {
namespace {

using Tokens = std::vector<Token>;

bool says(const Tokens& tokens, std::string_view word) {
  return std::ranges::find(tokens, word, &Token::lower) != tokens.end();
}

bool says(const Tokens& tokens, std::string_view first, std::string_view second) {
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i)
    if (tokens[i].lower == first && tokens[i + 1].lower == second) return true;
  return false;
}

/// "Set `COUNT=0` and nothing is sent": of one way to call it.
bool is_switched_off(const Tokens& tokens) {
  static constexpr auto kSwitches =
      std::to_array<std::string_view>({"set", "use", "pass", "give", "add", "with", "without"});
  if (tokens.empty() || !among(kSwitches, tokens[0].lower)) return false;
  const auto nothing = std::ranges::find(tokens, "nothing", &Token::lower);
  return nothing != tokens.end() && nothing != tokens.begin() &&
         (std::prev(nothing)->lower == "and" || std::prev(nothing)->text == "," ||
          tokens[0].lower.starts_with("with"));
}

/// "Where there is no network", "answered, or no network": what may happen, and no promise. `no` is
/// where "no" stands.
bool is_one_case(const Tokens& tokens, std::size_t no) {
  static constexpr auto kCases =
      std::to_array<std::string_view>({"if", "when", "where", "whenever", "unless", "while"});
  if (no > 0 && (tokens[no - 1].lower == "or" || tokens[no - 1].lower == "on")) return true;
  for (std::size_t i = 0; i < no; ++i)
    if (among(kCases, tokens[i].lower)) return true;
  return false;
}

/// "Hosted API: Has no network access" says what the hosted API has; `no` is where "no" stands.
bool speaks_of_its_label(const Tokens& tokens, std::size_t no) {
  static constexpr auto kSkill = std::to_array<std::string_view>(
      {"skill", "script", "scripts", "tool", "it", "this", "these", "program", "code", "network",
       "privacy", "security", "offline", "note"});
  if (no < 3 || tokens[no - 1].lower != "has" || tokens[no - 2].text != ":") return false;
  for (std::size_t i = 0; i + 2 < no; ++i)
    if (tokens[i].kind != Token::Kind::Word || among(kSkill, tokens[i].lower)) return false;
  return true;
}

/// "No network", "no network access"; not "no network configuration needed", which speaks of
/// something else.
bool has_no_network(const Tokens& tokens) {
  static constexpr auto kWhat = std::to_array<std::string_view>(
      {"access",      "accesses", "request", "requests", "call",     "calls",         "connection",
       "connections", "traffic",  "use",     "usage",    "activity", "communication", "i/o",
       "io",          "at",       "is",      "are",      "needed",   "required",      "necessary",
       "whatsoever",  "used",     "and",     "or"});
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (tokens[i].lower != "no" || tokens[i + 1].lower != "network") continue;
    if (speaks_of_its_label(tokens, i) || is_one_case(tokens, i)) continue;
    if (i + 2 == tokens.size() || tokens[i + 2].kind != Token::Kind::Word ||
        among(kWhat, tokens[i + 2].lower))
      return true;
  }
  return false;
}

bool sends_nothing(const Tokens& tokens) {
  if (says(tokens, "nothing", "leaves") || says(tokens, "never", "connects")) return true;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool before =
        i > 0 && (tokens[i - 1].lower == "sends" || tokens[i - 1].lower == "uploads");
    const bool after = i + 2 < tokens.size() && is_be(tokens[i + 1].lower) &&
                       (tokens[i + 2].lower == "sent" || tokens[i + 2].lower == "uploaded");
    if (tokens[i].lower == "nothing" && (before || after)) return true;
  }
  return false;
}

}  // namespace

NetworkDenial denial_of_network(const Tokens& tokens) {
  for (const std::string_view exception : {"else", "but", "except", "other"})
    if (says(tokens, exception)) return NetworkDenial::None;
  if (is_switched_off(tokens)) return NetworkDenial::None;
  if (has_no_network(tokens)) return NetworkDenial::NoNetwork;
  return sends_nothing(tokens) ? NetworkDenial::NothingLeaves : NetworkDenial::None;
}

}  // namespace skillaudit
