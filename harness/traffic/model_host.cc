#include "harness/traffic/model_host.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/traffic/policy.h"

namespace skillaudit {
namespace {

constexpr std::size_t kShortestKey = 8;
constexpr std::size_t kLongestKey = 512;
constexpr std::string_view kHeaderCharacters = "abcdefghijklmnopqrstuvwxyz0123456789-";

[[noreturn]] void wrong(const ModelHost& model, std::string_view why) {
  fail(ErrorKind::Usage, "the model's host '{}' cannot be used: {}",
       shorten(printable(model.host), 200), why);
}

bool is_key(std::string_view text) {
  return text.size() >= kShortestKey && text.size() <= kLongestKey &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

bool is_header(std::string_view text) {
  return !text.empty() && text.size() <= 64 && text[0] >= 'a' && text[0] <= 'z' &&
         text.find_first_not_of(kHeaderCharacters) == std::string_view::npos;
}

bool is_prefix(std::string_view text) {
  return text.size() <= 32 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

void check(const ModelHost& model) {
  if (parse_host_port(model.host) != model.host)
    wrong(model, fmt::format("write it as '{}'", parse_host_port(model.host)));
  if (model.paths.empty()) wrong(model, "it has no allowed paths");
  (void)rules_of(model);
  if (!is_header(model.header)) wrong(model, "its header is not a lower-case name");
  if (!is_prefix(model.prefix)) wrong(model, "its prefix is not printable ASCII");
  if (!is_key(model.decoy))
    wrong(model, fmt::format("its decoy is not {} to {} printable ASCII characters", kShortestKey,
                             kLongestKey));
  // By plain HTTP, so nothing of it may leave this machine.
  const std::string_view address =
      std::string_view(model.endpoint).substr(0, model.endpoint.rfind(':'));
  const bool loopback = address.starts_with("127.") &&
                        address.find_first_not_of("0123456789.") == std::string_view::npos;
  if (!model.endpoint.empty() && (!loopback || parse_host_port(model.endpoint) != model.endpoint))
    wrong(model, "its endpoint is not an address of this machine's loopback network with a port");
}

}  // namespace

std::vector<Rule> rules_of(const ModelHost& model) {
  std::vector<Rule> rules;
  for (const std::string& path : model.paths)
    rules.push_back(parse_rule(fmt::format("POST https://{}{}", model.host, path), "model"));
  return rules;
}

void check_model_hosts(const std::vector<ModelHost>& models) {
  const auto name = [](const ModelHost& model) {
    return std::string_view(model.host).substr(0, model.host.rfind(':'));
  };
  for (auto model = models.begin(); model != models.end(); ++model) {
    check(*model);
    if (std::any_of(models.begin(), model,
                    [&](const ModelHost& other) { return name(other) == name(*model); }))
      wrong(*model, "it is listed twice: list all its paths in one entry");
  }
}

void check_model_keys(const ModelKeys& keys, const std::vector<ModelHost>& models) {
  for (const auto& [host, key] : keys) {
    const auto refuse = [&, &host = host](std::string_view why) {
      fail(ErrorKind::Usage, "the key for the model's host '{}' cannot be used: {}",
           shorten(printable(host), 200), why);
    };
    if (parse_host_port(host) != host)
      refuse(fmt::format("write the host as '{}'", parse_host_port(host)));
    if (!is_key(key))
      refuse(fmt::format(
          "it is not {} to {} printable ASCII characters: check for a space or line break in it",
          kShortestKey, kLongestKey));
    for (const ModelHost& model : models)
      if (model.decoy.find(key) != std::string::npos)
        refuse("the guest has it as a decoy: give the guest a worthless one");
  }
}

std::vector<std::string> rule_lines(const ModelHost& model) {
  std::vector<std::string> lines;
  for (const Rule& rule : rules_of(model)) lines.push_back("model: " + rule_text(rule));
  return lines;
}

}  // namespace skillaudit
