#include "harness/rules/ssh_config.h"

#include <algorithm>
#include <array>
#include <utility>

#include "harness/base/ascii.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

constexpr std::string_view kSpace = " \t\r\f";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

/// "Key value", "Key = value": the key in small letters, and the rest of the line.
std::pair<std::string, std::string> parts_of(std::string_view line) {
  const std::size_t end = std::min(line.find_first_of(" \t=\""), line.size());
  std::string_view rest = trimmed(line.substr(end));
  if (rest.starts_with('=')) rest = trimmed(rest.substr(1));
  return {ascii_lower(line.substr(0, end)), std::string(rest)};
}

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Whether a name that people give a host is meant, rather than a host's own name: "build-box".
bool is_alias(std::string_view hosts) { return hosts.find_first_of(".*?!,") == hosts.npos; }

/// `hosts` is what the setting is for.
bool redirects(std::string_view key, std::string_view value, std::string_view hosts) {
  static constexpr std::array<std::string_view, 9> kRun = {
      "proxycommand",        "localcommand",   "knownhostscommand", "permitlocalcommand",
      "securitykeyprovider", "pkcs11provider", "xauthlocation",     "include",
      "smartcarddevice"};
  static constexpr std::array<std::string_view, 8> kTrust = {
      "userknownhostsfile", "globalknownhostsfile", "hostkeyalias", "identityagent",
      "revokedhostkeys",    "verifyhostkeydns",     "proxyjump",    "controlpath"};
  const std::string given = ascii_lower(value);
  if (given.empty() || given == "none" || given == "no") return key == "stricthostkeychecking";
  if (key == "stricthostkeychecking") return given == "off";
  if (is_one_of(key, kRun)) return true;
  // Of a name that the user gives, all of it is new: nothing leads anywhere else than before.
  if (is_alias(hosts)) return key == "forwardagent" || key == "userknownhostsfile";
  return is_one_of(key, kTrust) || key == "hostname" || key == "port" || key == "forwardagent" ||
         key == "forwardx11" || key == "forwardx11trusted";
}

/// `exec` as a word of what stands after Match: it takes a command.
bool runs_program(std::string_view criteria) {
  const std::string lower = ascii_lower(criteria);
  for (std::size_t at = lower.find("exec"); at != std::string::npos;
       at = lower.find("exec", at + 1))
    if (at == 0 || kSpace.find(lower[at - 1]) != std::string_view::npos || lower[at - 1] == '!')
      return true;
  return false;
}

}  // namespace

std::vector<ProgramSetting> ssh_settings(std::string_view text) {
  std::vector<ProgramSetting> settings;
  std::string section = "Host *";
  std::string hosts = "*";
  for (const std::string_view whole : split(text, '\n')) {
    const std::string_view line = trimmed(whole);
    if (line.empty() || line[0] == '#') continue;
    auto [key, value] = parts_of(line);
    if (key == "host" || key == "match") {
      section = (key == "host" ? "Host " : "Match ") + value;
      hosts = key == "host" ? value : "*";
      if (key == "match" && runs_program(value))
        settings.push_back({.key = "match exec", .value = std::move(value), .redirects = true});
      continue;
    }
    ProgramSetting setting{.key = section + ": " + key, .value = std::move(value)};
    setting.redirects = redirects(key, setting.value, hosts);
    setting.redirects_if_changed = key == "hostname" || key == "port" || key == "user";
    settings.push_back(std::move(setting));
  }
  return settings;
}

}  // namespace skillaudit
