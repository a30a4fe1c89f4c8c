#include "harness/cli/network_options.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/traffic/mirrors.h"

namespace skillaudit {

void add_network_options(Command& command, NetworkOptions& options) {
  command
      .add_option("--network", options.network,
                  "What the guest may reach: this host's package mirrors (read only), or nothing")
      .one_of({"mirrors", "none"})
      .show_default();
  command
      .add_option(
          "--allow", options.allow,
          "Allow one more method and URL, such as 'GET https://api.example.com/v1/*' (repeatable)")
      .one_value_each();
  command.add_option("--policy", options.policy_file, "Network policy file (YAML)");
}

Policy policy_of(const NetworkOptions& options) {
  Policy policy = options.network == "none" ? Policy{} : mirror_policy(host_mirrors());
  if (!options.policy_file.empty()) {
    Policy own = load_policy_file(options.policy_file);
    policy.rules.insert(policy.rules.end(), own.rules.begin(), own.rules.end());
    policy.routes = own.routes;
    policy.upstream_ca_file = own.upstream_ca_file;
  }
  for (const std::string& rule : options.allow) policy.rules.push_back(parse_rule(rule));
  return policy;
}

std::string network_label(const NetworkOptions& options, const Policy& policy) {
  const auto own = std::count_if(policy.rules.begin(), policy.rules.end(),
                                 [](const Rule& rule) { return rule.group != "mirrors"; });
  if (own == 0) return options.network;
  return fmt::format("{} and {}", options.network,
                     count_of(static_cast<std::size_t>(own), "custom rule", "custom rules"));
}

}  // namespace skillaudit
