#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/traffic/answers.h"
#include "harness/traffic/mirrors.h"
#include "harness/traffic/model_host.h"
#include "harness/traffic/rule.h"

namespace skillaudit {

struct Policy {
  std::vector<Rule> rules;
  /// "host:port" -> "127.0.0.1:port": where to send what is allowed for that host instead. TLS is
  /// still verified for the host's own name.
  std::map<std::string, std::string> routes;
  /// PEM file of the authorities that the proxy trusts for servers; empty: the system's.
  std::string upstream_ca_file;
  /// Decided ahead of `rules`. The program's own: no policy file of a user's has them.
  std::vector<ModelHost> models = {};
  /// What is answered here and not passed on. The program's own too.
  Answers answers = {};
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

/// One rule a line, those of models first, then what is answered, for Environment::rules.
[[nodiscard]] std::vector<std::string> rule_lines(const Policy& policy);

/// "host:port" in its one spelling, the port required. Throws Error{Usage}.
[[nodiscard]] std::string parse_host_port(std::string_view text);

}  // namespace skillaudit
