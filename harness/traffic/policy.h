#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/traffic/mirrors.h"
#include "harness/traffic/model_host.h"

namespace skillaudit {

/// `METHOD https://host/path*`: requests that the network policy lets pass. Rules are parsed here
/// and nowhere else; the filter evaluates them in their compiled form (compiled_policy.h).
/// tests/unit/traffic/data/rules.json holds the cases that both are tested with.
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

struct Policy {
  std::vector<Rule> rules;
  /// "host:port" -> "127.0.0.1:port": where to send what is allowed for that host instead. TLS is
  /// still verified for the host's own name.
  std::map<std::string, std::string> routes;
  /// PEM file of the authorities that the proxy trusts for servers; empty: the system's.
  std::string upstream_ca_file;
  /// Decided ahead of `rules`. The program's own: no policy file of a user's has them.
  std::vector<ModelHost> models = {};
};

/// Reads a policy (YAML, see filter/policy.example.yaml). Throws Error{Usage} "FILE:LINE:COLUMN:
/// what is wrong", for an unknown key with the nearest known one, and for `models`.
[[nodiscard]] Policy load_policy_file(const std::filesystem::path& path);

/// GET on everything below each mirror that this host uses, group "mirrors".
[[nodiscard]] Policy mirror_policy(const HostMirrors& mirrors);

/// The policy as a file of the user's, for load_policy_file(): without its models.
[[nodiscard]] std::string to_yaml(const Policy& policy);

/// The requests that pass to the model's host, as rules of group "model".
[[nodiscard]] std::vector<Rule> rules_of(const ModelHost& model);

/// One rule a line, those of models first, for Environment::rules.
[[nodiscard]] std::vector<std::string> rule_lines(const Policy& policy);

/// "host:port" in its one spelling, the port required. Throws Error{Usage}.
[[nodiscard]] std::string parse_host_port(std::string_view text);

}  // namespace skillaudit
