#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace skillaudit {

/// `METHOD https://host/path*`: requests that the network policy lets pass, or that a stub answers.
/// Rules are parsed here and nowhere else; the filter evaluates them in their compiled form
/// (compiled_policy.h). tests/unit/traffic/data/rules.json holds the cases that both are tested
/// with.
///  - METHOD is upper case; GET allows HEAD too; `*` is any method.
///  - The scheme is http or https. A WebSocket is the http or https request that opens it.
///  - The host is written in full. An address is reached only by a rule that names it.
///  - The port is significant: without one it is the scheme's own.
///  - `*` is allowed only in the path and matches any run of characters.
///  - The query is significant: a rule without `?` matches no request with one, unless it ends in
///  `*`.
struct Rule {
  std::string method;
  std::string scheme;
  std::string host;  ///< lower case, no trailing dot; IPv6 without brackets
  std::uint16_t port = 0;
  std::string path;            ///< a pattern, with its "?query" if it has one
  std::string group = "user";  ///< what the report counts its traffic as: "mirrors", "user"
  bool operator==(const Rule&) const = default;
};

/// Throws Error{Usage} that says what is wrong and shows a rule that is right.
[[nodiscard]] Rule parse_rule(std::string_view text, std::string_view group = "user");

/// The rule as parse_rule() reads it, in its one spelling.
[[nodiscard]] std::string rule_text(const Rule& rule);

}  // namespace skillaudit
