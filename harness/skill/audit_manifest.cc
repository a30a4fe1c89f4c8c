#include "harness/skill/audit_manifest.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/skill/expectations.h"
#include "harness/skill/parameters.h"
#include "harness/skill/surroundings.h"
#include "harness/skill/yaml_source.h"

namespace skillaudit {
namespace {

constexpr std::size_t kMaximumText = 256 << 10;

/// The keys that parse_surroundings() reads.
const std::vector<std::string> kSurroundings = {
    "packages", "environment", "files", "setup", "working_directory", "terminal", "stubs"};

std::vector<std::string> parse_declares(const YamlSource& source, const YAML::Node& node) {
  if (!node.IsMap()) return texts_of(source, node, "`declares`");
  expect_keys(
      source, node, "`declares`",
      {"packages", "paths", "hosts", "services", "cron", "reads", "creates", "modifies",
       "overwrites", "deletes", "runs", "keeps", "sends", "receives", "installs", "elevates"});
  std::vector<std::string> all;
  for (const auto& entry : node) {
    const auto part = texts_of(source, entry.second, "`" + entry.first.Scalar() + "`");
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

int parse_exit(const YamlSource& source, const YAML::Node& node) {
  const std::string text = text_of(source, node, "`exit`");
  int code = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), code);
  if (error != std::errc() || end != text.data() + text.size() || code < 0 || code > 255)
    fail(ErrorKind::Skill, "{}: `exit` is `{}`: give an exit code from 0 to 255",
         position(source, node.Mark()), printable(text));
  return code;
}

void parse_expected(const YamlSource& source, const YAML::Node& node, Scenario& scenario) {
  const YAML::Node expect = node["expect"];
  const YAML::Node shorthand = node["exit"];
  if (expect.IsDefined() && shorthand.IsDefined())
    fail(ErrorKind::Skill, "{}: the scenario has both `exit` and `expect`: keep one of them",
         position(source, shorthand.Mark()));
  if (expect.IsDefined()) scenario.expect = parse_expectations(source, expect);
  const YAML::Node exit = expect.IsDefined() ? expect["exit"] : shorthand;
  if (!exit.IsDefined()) return;
  scenario.expected_exit = parse_exit(source, exit);
  scenario.exit_line = line_of(source, expect.IsDefined() ? expect : node, "exit");
}

/// The words become a part of the command, quoted for the shell that runs it.
void add_arguments(Scenario& scenario) {
  if (scenario.surroundings.arguments.empty()) return;
  scenario.command = trim(scenario.command);
  for (const UnitArguments& given : scenario.surroundings.arguments)
    for (const std::string& word : given.arguments) scenario.command += " " + shell_quote(word);
  scenario.surroundings.arguments.clear();
}

void parse_action(const YamlSource& source, const YAML::Node& node, Scenario& scenario) {
  const YAML::Node command = node["command"];
  const YAML::Node prompts = node["prompts"];
  if (command.IsDefined() == prompts.IsDefined())
    fail(ErrorKind::Skill, "{}: the scenario `{}` has {}",
         position(source, (prompts.IsDefined() ? prompts : node).Mark()), printable(scenario.name),
         prompts.IsDefined()
             ? "both `command` and `prompts`: keep one of them"
             : "no `command`: add the command that it runs, or `prompts` for an agent");
  if (prompts.IsDefined()) {
    scenario.prompts = texts_of(source, prompts, "`prompts`");
    if (scenario.prompts.empty())
      fail(ErrorKind::Skill, "{}: `prompts` is empty: fill it in",
           position(source, prompts.Mark()));
    return;
  }
  scenario.command = text_of(source, command, "`command`");
  if (trim(scenario.command).empty())
    fail(ErrorKind::Skill, "{}: `command` is empty: fill it in", position(source, command.Mark()));
}

Scenario parse_scenario(const YamlSource& source, const YAML::Node& node, std::size_t number) {
  std::vector<std::string> keys = {"name",   "command", "prompts", "arguments", "stdin",
                                   "expect", "exit",    "timeout", "parameters"};
  keys.insert(keys.end(), kSurroundings.begin(), kSurroundings.end());
  expect_keys(source, node, "a scenario", keys);
  Scenario scenario;
  scenario.line = line_of(source, node);
  const YAML::Node name = node["name"];
  scenario.name =
      name.IsDefined() ? text_of(source, name, "`name`") : fmt::format("scenario {}", number);
  if (trim(scenario.name).empty())
    fail(ErrorKind::Skill, "{}: `name` is empty: fill it in or remove the line",
         position(source, name.Mark()));
  parse_action(source, node, scenario);
  scenario.surroundings = parse_surroundings(source, node);
  if (const YAML::Node arguments = node["arguments"]; arguments.IsDefined())
    scenario.surroundings.arguments = {{"", parse_arguments(source, arguments)}};
  if (const YAML::Node input = node["stdin"]; input.IsDefined() && !input.IsNull())
    scenario.standard_input = text_of(source, input, "`stdin`");
  parse_expected(source, node, scenario);
  if (const YAML::Node timeout = node["timeout"]; timeout.IsDefined())
    scenario.timeout_s = seconds_of(source, timeout, "`timeout`");
  return scenario;
}

std::vector<Scenario> parse_scenarios(const YamlSource& source, const YAML::Node& node) {
  if (node.IsNull()) return {};
  if (!node.IsSequence())
    fail(ErrorKind::Skill,
         "{}: `scenarios` must be a list, each item starting with `- name:`, but "
         "it is {}",
         position(source, node.Mark()), kind_of(node));
  std::vector<Scenario> scenarios;
  std::size_t number = 0;
  for (const auto& item : node) {
    for (Scenario& scenario :
         with_parameters(source, item, parse_scenario(source, item, ++number))) {
      add_arguments(scenario);
      // Findings cite a step by its name.
      if (std::any_of(scenarios.begin(), scenarios.end(),
                      [&](const Scenario& other) { return other.name == scenario.name; }))
        fail(ErrorKind::Skill, "{}: two scenarios are named `{}`: rename one of them",
             position(source, item.Mark()), printable(scenario.name));
      scenarios.push_back(std::move(scenario));
    }
  }
  return scenarios;
}

}  // namespace

AuditManifest parse_audit_manifest(const std::string& file, std::string_view text) {
  if (text.size() > kMaximumText)
    fail(ErrorKind::Skill, "{}:1:1: the file has {}, the limit is {}: shorten it", file,
         human_bytes(text.size()), human_bytes(kMaximumText));
  const YamlSource source{file, 1};
  const YAML::Node root = parse_yaml(source, text);
  if (!root.IsDefined() || root.IsNull()) return {};
  std::vector<std::string> keys = {"scenarios", "prompts", "declares",
                                   "arguments", "stdin",   "agent"};
  keys.insert(keys.end(), kSurroundings.begin(), kSurroundings.end());
  expect_keys(source, root, "audit.yaml", keys);
  AuditManifest manifest;
  manifest.surroundings = parse_surroundings(source, root);
  if (const YAML::Node input = root["stdin"]; input.IsDefined() && !input.IsNull())
    manifest.surroundings.standard_input = text_of(source, input, "`stdin`");
  if (const YAML::Node arguments = root["arguments"]; arguments.IsDefined())
    manifest.surroundings.arguments = parse_unit_arguments(source, arguments);
  if (const YAML::Node agent = root["agent"]; agent.IsDefined())
    manifest.agent = text_of(source, agent, "`agent`");
  if (const YAML::Node scenarios = root["scenarios"]; scenarios.IsDefined())
    manifest.scenarios = parse_scenarios(source, scenarios);
  if (const YAML::Node prompts = root["prompts"]; prompts.IsDefined())
    manifest.prompts = texts_of(source, prompts, "`prompts`");
  if (const YAML::Node declares = root["declares"]; declares.IsDefined())
    manifest.declares = parse_declares(source, declares);
  return manifest;
}

}  // namespace skillaudit
