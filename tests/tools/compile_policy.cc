/// Compiles a policy for the tests of the filter: reads {"rules": [TEXT or {"allow", "group"}],
/// "routes": {FROM: TO}, "models": [{"host", "paths", …}]} and writes what the program would give
/// to the filter.

#include <cstdio>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/traffic/compiled_policy.h"

namespace skillaudit {
namespace {

using nlohmann::json;

Rule rule_of(const json& entry) {
  if (entry.is_string()) return parse_rule(entry.get<std::string>());
  return parse_rule(entry.at("allow").get<std::string>(), entry.at("group").get<std::string>());
}

ModelHost model_of(const json& entry) {
  return {.host = entry.at("host"),
          .paths = entry.at("paths").get<std::vector<std::string>>(),
          .header = entry.at("header"),
          .prefix = entry.value("prefix", ""),
          .decoy = entry.at("decoy"),
          .endpoint = entry.value("endpoint", "")};
}

Policy policy_of(const json& document) {
  Policy policy;
  const json rules = document.value("rules", json::array());
  const json routes = document.value("routes", json::object());
  const json models = document.value("models", json::array());
  for (const json& rule : rules) policy.rules.push_back(rule_of(rule));
  for (const auto& [from, to] : routes.items())
    policy.routes[parse_host_port(from)] = parse_host_port(to.get<std::string>());
  for (const json& model : models) policy.models.push_back(model_of(model));
  return policy;
}

}  // namespace
}  // namespace skillaudit

int main() {
  try {
    const std::string text(std::istreambuf_iterator<char>(std::cin), {});
    std::cout << skillaudit::compile_policy(skillaudit::policy_of(nlohmann::json::parse(text)));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "compile_policy: %s\n", e.what());
    return 1;
  }
}
