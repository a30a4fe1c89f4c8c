#include "harness/rules/package_flows.h"

#include <algorithm>
#include <array>

#include "harness/rules/mirrors_seen.h"
#include "harness/rules/sends.h"
#include "harness/rules/trace_words.h"

namespace skillaudit {
namespace {

/// apt's own method, or the interpreter of a package manager that is a script.
bool is_manager(const RuleInput& input, const TraceEvent* exec) {
  static constexpr std::array<std::string_view, 10> kManagers = {
      "pip", "pip3", "npm", "npx", "npm-cli.js", "npx-cli.js", "yarn", "pnpm", "cargo", "uv"};
  if (exec == nullptr || !is_own_program(input, exec->program)) return false;
  if (exec->program.starts_with("/usr/lib/apt/methods/")) return true;
  std::string_view name = base_name(exec->program);
  const std::string_view script = script_of_exec(*exec);
  if (!script.empty()) {
    if (!is_own_program(input, script) || exec->arguments.size() < 2 ||
        exec->arguments[1] != script)
      return false;
    name = base_name(script);
  } else if (!module_of_exec(*exec).empty()) {
    name = module_of_exec(*exec);
  }
  return std::find(kManagers.begin(), kManagers.end(), name) != kManagers.end();
}

/// apt asks each mirror for lists that it may not have.
bool is_optional_list(std::string_view path) {
  static constexpr std::array<std::string_view, 8> kLists = {
      "InRelease",    "Release",   "Packages",    "Sources",
      "Translation-", "Contents-", "Components-", "icons-"};
  const std::string_view name = base_name(path);
  return std::any_of(kLists.begin(), kLists.end(),
                     [&](std::string_view each) { return name.starts_with(each); });
}

/// npm asks after each installation whether its packages have known faults: their names and
/// versions go along.
bool is_question_of_faults(const Flow& flow) {
  return flow.method == "POST" && flow.query.empty() &&
         (flow.path == "/-/npm/v1/security/advisories/bulk" ||
          flow.path == "/-/npm/v1/security/audits/quick");
}

}  // namespace

PackageFlows::PackageFlows(const RuleInput& input)
    : input_(input), mirrors_(mirror_hosts(input.evidence)) {
  const GuestNetwork& network = input.evidence.environment.addresses;
  for (const std::uint32_t i : input.processes.of_kind(TraceKind::Connect)) {
    const TraceEvent& event = input.processes.events()[i];
    if (network.is_seen_by_proxy(event.address, event.port))
      connections_.push_back({event.time_s, is_manager(input, input.processes.image(i))});
  }
  for (const Flow& flow : input.evidence.flows)
    if (const auto at = time_in_trace(input, flow); at && !mirrors_.contains(flow.host))
      others_.push_back(*at);
  for (const UnexplainedPart& part : input.evidence.unexplained) {
    if (part.where != "host") unexplained_[part.evidence] += part.bytes;
    if (part.where == "path" || part.where == "query") asked_for_[part.evidence] += part.bytes;
  }
}

/// The last connection to the proxy before the flow, leaving out those that another flow used.
bool PackageFlows::was_asked_by_manager(const Flow& flow) const {
  const std::optional<double> at = time_in_trace(input_, flow);
  if (!at || !input_.evidence.trace.collected) return true;
  for (auto each = connections_.rbegin(); each != connections_.rend(); ++each) {
    if (each->time_s > *at + kClockSlack) continue;
    if (each->of_manager) return true;
    const bool used = std::any_of(others_.begin(), others_.end(), [&](double other) {
      return other > each->time_s - kClockSlack && other < *at + kClockSlack;
    });
    if (!used) return false;
  }
  return false;
}

bool PackageFlows::is_of_manager(const Flow& flow) const {
  if (!is_package_flow(flow, mirrors_)) return false;
  bool unknown = flow.allowed && flow.status && *flow.status >= 400 && *flow.status < 500 &&
                 !is_optional_list(flow.path);
  // Nobody answered whether there is such a package: it must be one that is named.
  if (!flow.allowed && !flow.user_agent.starts_with("Debian APT") && !is_question_of_faults(flow))
    unknown = asked_for_.contains(source::flow(flow.id));
  return !unknown && was_asked_by_manager(flow);
}

bool PackageFlows::carries_data(const Flow& flow) const {
  const auto found = unexplained_.find(source::flow(flow.id));
  return is_mirror(flow.host) && found != unexplained_.end() && found->second >= kLeastSecret &&
         !is_of_manager(flow);
}

}  // namespace skillaudit
