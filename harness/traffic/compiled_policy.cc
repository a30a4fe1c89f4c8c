#include "harness/traffic/compiled_policy.h"

#include <openssl/evp.h>

#include <nlohmann/json.hpp>

#include "harness/base/json_text.h"
#include "harness/traffic/url_path.h"

namespace skillaudit {
namespace {

using nlohmann::json;

constexpr int kFormat = 1;  // filter/policy.py: FORMAT

json methods_of(const Rule& rule) {
  if (rule.method == "*") return nullptr;
  if (rule.method == "GET") return json::array({"GET", "HEAD"});
  return json::array({rule.method});
}

/// The texts between the `*`, the empty ones too: "/a*" is "/a" and "".
json pieces_of(std::string_view pattern) {
  json pieces = json::array();
  for (std::size_t star; (star = pattern.find('*')) != std::string_view::npos;
       pattern.remove_prefix(star + 1))
    pieces.push_back(pattern.substr(0, star));
  pieces.push_back(pattern);
  return pieces;
}

/// [host, port] of a text that parse_host_port() has spelled.
json place_of(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  std::string host = text.substr(0, colon);
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  return json::array({host, std::stoi(text.substr(colon + 1))});
}

json compiled(const ModelHost& model) {
  json rules = json::array();
  for (const Rule& rule : rules_of(model)) rules.push_back(compile_rule(rule, false));
  const json place = place_of(model.host);
  return {{"host", place[0]},
          {"port", place[1]},
          {"rules", std::move(rules)},
          {"header", model.header},
          {"prefix", model.prefix},
          {"decoy", model.decoy},
          {"endpoint", model.endpoint.empty() ? json() : place_of(model.endpoint)}};
}

/// JSON has no bytes, and a body may be any.
std::string base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // EVP_EncodeBlock() adds a NUL
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

const char* name_of(StubReply::Failure failure) {
  switch (failure) {
    case StubReply::Failure::Close:
      return "close";
    case StubReply::Failure::Timeout:
      return "timeout";
    case StubReply::Failure::None:
      break;
  }
  return "none";
}

json compiled(const Stub& stub) {
  json replies = json::array();
  for (const StubReply& reply : stub.replies) {
    json headers = json::array();
    for (const auto& [name, value] : reply.headers) headers.push_back(json::array({name, value}));
    replies.push_back({{"status", reply.status},
                       {"headers", std::move(headers)},
                       {"body", base64(reply.body)},
                       {"delay", static_cast<double>(reply.delay.count()) / 1000},
                       {"failure", name_of(reply.failure)}});
  }
  return {{"request", compile_rule(stub.request)}, {"replies", std::move(replies)}};
}

json compiled(const Answers& answers) {
  json stubs = json::array();
  for (const Stub& stub : answers.stubs) stubs.push_back(compiled(stub));
  if (answers.everybody)
    for (const Stub& stub : answers.of_author) stubs.push_back(compiled(stub));
  json expected = json::array();
  for (const ExpectedField& field : answers.expected)
    expected.push_back(json::array({field.name, field.value}));
  return {{"everybody", answers.everybody},
          {"stubs", std::move(stubs)},
          {"expected", std::move(expected)}};
}

}  // namespace

json compile_rule(const Rule& rule, bool star_opens_query) {
  const std::string path = rule.path.substr(0, rule.path.find('?'));
  const bool any_query = star_opens_query && path.size() == rule.path.size() && path.ends_with('*');
  return {{"text", rule_text(rule)},
          {"group", rule.group},
          {"methods", methods_of(rule)},
          {"scheme", rule.scheme},
          {"host", rule.host},
          {"port", rule.port},
          {"path", pieces_of(path)},
          {"decoded", pieces_of(decode_path(path).path)},
          {"query", any_query ? json() : json(rule.path.substr(path.size()))}};
}

std::string compile_policy(const Policy& policy) {
  check_model_hosts(policy.models);
  json rules = json::array();
  for (const Rule& rule : policy.rules) rules.push_back(compile_rule(rule));
  json routes = json::array();
  for (const auto& [from, to] : policy.routes) {
    const json place = place_of(from);
    routes.push_back({{"host", place[0]}, {"port", place[1]}, {"to", place_of(to)}});
  }
  json models = json::array();
  for (const ModelHost& model : policy.models) models.push_back(compiled(model));
  const json all = {{"format", kFormat},
                    {"rules", rules},
                    {"routes", routes},
                    {"models", models},
                    {"answers", compiled(policy.answers)}};
  return json_text(all, 1) + "\n";
}

}  // namespace skillaudit
