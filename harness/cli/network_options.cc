#include "harness/cli/network_options.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/skill/stubs.h"
#include "harness/traffic/mirrors.h"
#include "harness/traffic/stubs.h"

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
  command
      .add_option("--stub", options.stub_files,
                  "Answer the requests of this file (YAML) in place of their servers; nothing of "
                  "them leaves this machine (repeatable)")
      .one_value_each()
      .type_name("FILE");
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
  for (const std::string& file : options.stub_files)
    for (Stub& stub : stubs_of(load_stub_file(file), ErrorKind::Usage))
      policy.answers.stubs.push_back(std::move(stub));
  return policy;
}

std::string network_label(const NetworkOptions& options, const Policy& policy) {
  const auto own = std::count_if(policy.rules.begin(), policy.rules.end(),
                                 [](const Rule& rule) { return rule.group != "mirrors"; });
  std::string label = options.network;
  if (own > 0)
    label += " and " + count_of(static_cast<std::size_t>(own), "custom rule", "custom rules");
  if (!policy.answers.stubs.empty())
    label += " and " + count_of(policy.answers.stubs.size(), "stub");
  return label;
}

}  // namespace skillaudit
