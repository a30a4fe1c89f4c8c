/// Compiles a policy for the tests of the filter: reads {"rules": [TEXT or {"allow", "group"}],
/// "routes": {FROM: TO}, "models": [{"host", "paths", …}], "answers": {"everybody", "stubs":
/// [{"request": RULE, "replies": [{"status", "headers", "body", "delay", "failure"}]}],
/// "expected"}} and writes what the program would give to the filter.

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

StubReply reply_of(const json& entry) {
  const std::string failure = entry.value("failure", "");
  StubReply reply{.status = entry.value("status", 200),
                  .body = entry.value("body", ""),
                  .delay = std::chrono::milliseconds(entry.value("delay", 0)),
                  .failure = failure == "close"     ? StubReply::Failure::Close
                             : failure == "timeout" ? StubReply::Failure::Timeout
                                                    : StubReply::Failure::None};
  const json headers = entry.value("headers", json::object());
  for (const auto& [name, value] : headers.items())
    reply.headers.emplace_back(name, value.get<std::string>());
  return reply;
}

Answers answers_of(const json& entry) {
  Answers answers{.everybody = entry.value("everybody", false)};
  const json stubs = entry.value("stubs", json::array());
  for (const json& stub : stubs) {
    answers.stubs.push_back({.request = parse_rule(stub.at("request").get<std::string>())});
    for (const json& reply : stub.at("replies"))
      answers.stubs.back().replies.push_back(reply_of(reply));
  }
  const json expected = entry.value("expected", json::array());
  for (const json& field : expected)
    answers.expected.push_back({field.at(0).get<std::string>(), field.at(1).get<std::string>()});
  return answers;
}

Policy policy_of(const json& document) {
  Policy policy;
  policy.answers = answers_of(document.value("answers", json::object()));
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
