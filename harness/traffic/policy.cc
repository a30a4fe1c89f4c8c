#include "harness/traffic/policy.h"

#include <fmt/core.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace fs = std::filesystem;
namespace {

/// Where in which file an error is, for its message.
struct Place {
  std::string file;
  [[noreturn]] void error(const YAML::Mark& mark, const std::string& why) const {
    fail(ErrorKind::Usage, "{}:{}:{}: {}", file, mark.line + 1, mark.column + 1, why);
  }
};

std::string text_of(const YAML::Node& node, const Place& place, std::string_view what) {
  if (!node.IsScalar()) place.error(node.Mark(), fmt::format("{} is not a string", what));
  return node.Scalar();
}

void check_keys(const YAML::Node& map, const std::vector<std::string>& known, const Place& place) {
  std::vector<std::string> seen;
  for (const auto& entry : map) {
    const std::string key = text_of(entry.first, place, "the key");
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      const std::string near = nearest(key, known);
      place.error(entry.first.Mark(),
                  fmt::format("unknown key '{}'{}", shorten(printable(key), 80),
                              near.empty() ? fmt::format(": the keys are {}", join(known, ", "))
                                           : fmt::format(": did you mean '{}'?", near)));
    }
    if (std::find(seen.begin(), seen.end(), key) != seen.end())
      place.error(entry.first.Mark(), fmt::format("the key '{}' is given twice: keep one", key));
    seen.push_back(key);
  }
}

bool is_group(std::string_view group) {
  return !group.empty() && group.size() <= 32 && group[0] >= 'a' && group[0] <= 'z' &&
         group.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") ==
             std::string_view::npos;
}

Rule read_rule(const YAML::Node& node, const Place& place) {
  YAML::Node rule = node;
  std::string group = "user";
  if (node.IsMap()) {
    check_keys(node, {"allow", "group"}, place);
    const YAML::Node allow = node["allow"];
    if (!allow) place.error(node.Mark(), "this rule has no 'allow'");
    rule.reset(allow);
    if (const YAML::Node named = node["group"]) group = text_of(named, place, "'group'");
    if (!is_group(group))
      place.error(node.Mark(),
                  fmt::format("'{}' is not a group: use lower-case letters, digits, '-' and '_'",
                              shorten(printable(group), 80)));
  }
  try {
    return parse_rule(text_of(rule, place, "the rule"), group);
  } catch (const Error& e) {
    if (std::string_view(e.what()).starts_with(place.file)) throw;
    place.error(rule.Mark(), e.what());
  }
}

std::pair<std::string, std::string> read_route(const YAML::Node& from, const YAML::Node& to,
                                               const Place& place) {
  try {
    const std::string target = parse_host_port(text_of(to, place, "the route's target"));
    const std::string_view host = std::string_view(target).substr(0, target.rfind(':'));
    if (!host.starts_with('[') && host.find_first_not_of("0123456789.") != std::string_view::npos)
      place.error(
          to.Mark(),
          fmt::format("the route's target '{}' is not an address: write it like '127.0.0.1:8443'",
                      printable(target)));
    return {parse_host_port(text_of(from, place, "the route")), target};
  } catch (const Error& e) {
    if (std::string_view(e.what()).starts_with(place.file)) throw;
    place.error(from.Mark(), e.what());
  }
}

/// A model's decoy is of use only where the guest was given it.
void refuse_models(const YAML::Node& document, const Place& place) {
  for (const auto& entry : document)
    if (entry.first.IsScalar() && entry.first.Scalar() == "models")
      place.error(entry.first.Mark(),
                  "the key 'models' is reserved for the program, which generates a decoy key for "
                  "each audit: remove it, and allow other hosts in 'rules'");
}

std::string yaml_quoted(std::string_view text) {
  // In a single-quoted YAML scalar the quote is all that needs care (YAML 1.2.2, 7.3.2).
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'') result += '\'';
    result += c;
  }
  return result + "'";
}

}  // namespace

Policy load_policy_file(const fs::path& path) {
  const Place place{path.string()};
  std::error_code ignored;
  if (!fs::is_regular_file(path, ignored))
    fail(ErrorKind::Usage,
         "the policy file {} does not exist or is not a file: docs/auditor.md has an example",
         path.string());
  YAML::Node document;
  try {
    document = YAML::Load(read_file(path, 1 << 22));
  } catch (const YAML::Exception& e) {
    place.error(e.mark, e.msg);
  }
  if (!document.IsMap())
    place.error(document.Mark(),
                "the file is not a map with a list of rules: start it with 'rules:'");
  refuse_models(document, place);
  check_keys(document, {"rules", "routes", "upstream_ca_file"}, place);
  Policy policy;
  if (const YAML::Node rules = document["rules"]; rules && !rules.IsNull()) {
    if (!rules.IsSequence())
      place.error(rules.Mark(), "'rules' is not a list: start each rule with '- '");
    for (const YAML::Node& rule : rules) policy.rules.push_back(read_rule(rule, place));
  }
  if (const YAML::Node routes = document["routes"]; routes && !routes.IsNull()) {
    if (!routes.IsMap())
      place.error(routes.Mark(), "'routes' is not a map: write 'host:port': '127.0.0.1:port'");
    for (const auto& route : routes)
      policy.routes.insert(read_route(route.first, route.second, place));
  }
  if (const YAML::Node file = document["upstream_ca_file"]; file && !file.IsNull())
    policy.upstream_ca_file = text_of(file, place, "'upstream_ca_file'");
  return policy;
}

Policy mirror_policy(const HostMirrors& mirrors) {
  Policy policy;
  std::vector<std::string> urls = mirrors.apt_urls;
  if (!mirrors.npm_registry.empty()) urls.push_back(mirrors.npm_registry);
  for (const std::string& url : urls) {
    const Rule rule = parse_rule("GET " + url + "/*", "mirrors");
    if (std::find(policy.rules.begin(), policy.rules.end(), rule) == policy.rules.end())
      policy.rules.push_back(rule);
  }
  return policy;
}

std::string to_yaml(const Policy& policy) {
  std::string text = "rules:\n";
  for (const Rule& rule : policy.rules)
    text += fmt::format("  - allow: {}\n    group: {}\n", yaml_quoted(rule_text(rule)),
                        yaml_quoted(rule.group));
  text += "routes:\n";
  for (const auto& [from, to] : policy.routes)
    text += fmt::format("  {}: {}\n", yaml_quoted(from), yaml_quoted(to));
  if (!policy.upstream_ca_file.empty())
    text += fmt::format("upstream_ca_file: {}\n", yaml_quoted(policy.upstream_ca_file));
  return text;
}

std::vector<std::string> rule_lines(const Policy& policy) {
  std::vector<std::string> lines;
  for (const ModelHost& model : policy.models)
    for (std::string& line : rule_lines(model)) lines.push_back(std::move(line));
  for (const Rule& rule : policy.rules) lines.push_back(rule_text(rule));
  for (const Stub& stub : policy.answers.stubs)
    lines.push_back("answered here: " + rule_text(stub.request));
  if (policy.answers.everybody) lines.emplace_back("answered here: every other host");
  return lines;
}

}  // namespace skillaudit
