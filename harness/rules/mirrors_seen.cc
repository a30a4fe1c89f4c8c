#include "harness/rules/mirrors_seen.h"

#include <algorithm>
#include <array>

#include "harness/base/text.h"

namespace skillaudit {
namespace {

void add_hosts(std::string_view text, std::set<std::string>& hosts) {
  for (const std::string_view line : split(text, '\n')) {
    if (trim(line).starts_with("#")) continue;
    for (std::size_t at = line.find("://"); at != std::string_view::npos;
         at = line.find("://", at + 3)) {
      const std::size_t end = line.find_first_of("/: \t]\r\"'", at + 3);
      const std::string_view host = line.substr(at + 3, end - at - 3);
      if (!host.empty()) hosts.emplace(host);
    }
  }
}

/// pip's own source: where its index keeps the files.
void add_storage_domain(std::string_view text, std::set<std::string>& hosts) {
  constexpr std::string_view kName = "file_storage_domain=\"";
  for (std::size_t at = text.find(kName); at != std::string_view::npos; at = text.find(kName, at)) {
    at += kName.size();
    const std::size_t end = text.find('"', at);
    if (end != std::string_view::npos) hosts.emplace(text.substr(at, end - at));
  }
}

}  // namespace

std::set<std::string> mirror_hosts(const Evidence& evidence) {
  std::set<std::string> hosts;
  for (const ConfigText& config : evidence.before.config) {
    const bool names_mirrors = config.path.starts_with("/etc/apt/sources.list") ||
                               config.path.ends_with("/.npmrc") || config.path == "/etc/npmrc" ||
                               config.path == "/etc/pip.conf" || config.path.ends_with("/pip.conf");
    const bool is_index_of_pip = config.path.ends_with("/pip/_internal/models/index.py");
    if (names_mirrors || is_index_of_pip) add_hosts(config.content, hosts);
    if (is_index_of_pip) add_storage_domain(config.content, hosts);
  }
  for (const Flow& flow : evidence.flows) {
    if (flow.allowed && flow.group == "mirrors") hosts.insert(flow.host);
  }
  return hosts;
}

bool is_package_flow(const Flow& flow, const std::set<std::string>& mirrors) {
  static constexpr std::array<std::string_view, 8> kAgents = {
      "Debian APT", "npm/", "pip/", "apt-", "pnpm/", "yarn/", "uv/", "node-fetch/"};
  if (!mirrors.contains(flow.host) || flow.kind != "http") return false;
  if (!flow.host_header.empty() || !flow.sni.empty()) return false;
  const bool reads = flow.method == "GET" || flow.method == "HEAD";
  const bool npm_audit = flow.method == "POST" && flow.path.starts_with("/-/npm/v1/security/");
  return (reads || npm_audit) &&
         std::any_of(kAgents.begin(), kAgents.end(),
                     [&](std::string_view agent) { return flow.user_agent.starts_with(agent); });
}

}  // namespace skillaudit
