#include "harness/rules/git_config.h"

#include <algorithm>
#include <array>

#include "harness/base/ascii.h"

namespace skillaudit {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

/// `filter "lfs"` in brackets: the section in small letters and its subsection.
struct Section {
  std::string name;
  std::string sub;
};

/// Reads the header that `line` begins with, and leaves what stands after it.
Section section_of(std::string_view& line) {
  std::size_t end = 1;
  bool in_quotes = false;
  for (; end < line.size() && (in_quotes || line[end] != ']'); ++end) {
    if (line[end] == '\\')
      ++end;
    else if (line[end] == '"')
      in_quotes = !in_quotes;
  }
  const std::string_view header = line.substr(1, std::min(end, line.size()) - 1);
  line.remove_prefix(std::min(end + 1, line.size()));
  const std::size_t quote = header.find('"');
  if (quote == std::string_view::npos) {
    // The old form, [section.sub].
    const std::size_t dot = header.find('.');
    if (dot == std::string_view::npos) return {ascii_lower(trimmed(header)), ""};
    return {ascii_lower(trimmed(header.substr(0, dot))), std::string(header.substr(dot + 1))};
  }
  std::string_view sub = header.substr(quote + 1);
  sub = sub.substr(0, sub.rfind('"'));
  return {ascii_lower(trimmed(header.substr(0, quote))), std::string(sub)};
}

/// What stands on one line for Git: a backslash at its end takes the next one to it.
std::string logical_line(std::string_view& text) {
  std::string line;
  while (true) {
    const std::size_t end = text.find('\n');
    std::string_view part = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (part.ends_with('\r')) part.remove_suffix(1);
    const bool goes_on = part.ends_with('\\') && !part.ends_with("\\\\");
    if (goes_on) part.remove_suffix(1);
    line += part;
    if (!goes_on || text.empty()) return line;
  }
}

/// Without quotes, escapes and a comment.
std::string value_of(std::string_view raw) {
  std::string value;
  bool in_quotes = false;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const char c = raw[i];
    if (c == '\\' && i + 1 < raw.size())
      value += raw[++i];
    else if (c == '"')
      in_quotes = !in_quotes;
    else if (!in_quotes && (c == '#' || c == ';'))
      break;
    else
      value += c;
  }
  return std::string(trimmed(value));
}

bool is_switch(std::string_view value) {
  constexpr std::array<std::string_view, 8> kSwitches = {"true", "false", "yes", "no",
                                                         "on",   "off",   "1",   "0"};
  return std::find(kSwitches.begin(), kSwitches.end(), ascii_lower(value)) != kSwitches.end();
}

bool is_off(std::string_view value) {
  constexpr std::array<std::string_view, 4> kOff = {"false", "no", "off", "0"};
  return std::find(kOff.begin(), kOff.end(), ascii_lower(value)) != kOff.end();
}

/// Helpers that come with Git, and those of the systems' own key stores. What one is told beside
/// its name can be the file in which it keeps passwords.
bool is_known_helper(std::string_view value) {
  constexpr std::array<std::string_view, 6> kKnown = {"",          "store",  "cache", "osxkeychain",
                                                      "libsecret", "manager"};
  constexpr std::string_view kKept = "cache --timeout=";
  const bool only_timed =
      value.starts_with(kKept) && value.find_first_not_of("0123456789", kKept.size()) == value.npos;
  return only_timed || std::find(kKnown.begin(), kKnown.end(), value) != kKnown.end();
}

using SectionAndName = std::pair<std::string_view, std::string_view>;

/// Each names a program, or a file with more settings.
constexpr std::array<SectionAndName, 34> kCommands = {{
    {"core", "hookspath"},
    {"core", "sshcommand"},
    {"core", "gitproxy"},
    {"core", "editor"},
    {"core", "pager"},
    {"core", "askpass"},
    {"core", "alternaterefscommand"},
    {"sequence", "editor"},
    {"init", "templatedir"},
    {"include", "path"},
    {"includeif", "path"},
    {"diff", "external"},
    {"diff", "command"},
    {"diff", "textconv"},
    {"filter", "clean"},
    {"filter", "smudge"},
    {"filter", "process"},
    {"merge", "driver"},
    {"mergetool", "cmd"},
    {"difftool", "cmd"},
    {"guitool", "cmd"},
    {"browser", "cmd"},
    {"man", "cmd"},
    {"hook", "command"},
    {"tar", "command"},
    {"gpg", "program"},
    {"interactive", "difffilter"},
    {"remote", "uploadpack"},
    {"remote", "receivepack"},
    {"remote", "vcs"},
    {"uploadpack", "packobjectshook"},
    {"trailer", "command"},
    {"trailer", "cmd"},
    {"imap", "tunnel"},
}};

/// Each names who is asked, what is sent to it, or whom Git trusts.
constexpr std::array<SectionAndName, 18> kConnections = {{
    {"url", "insteadof"},
    {"url", "pushinsteadof"},
    {"http", "proxy"},
    {"http", "extraheader"},
    {"http", "cookiefile"},
    {"http", "curloptresolve"},
    {"http", "sslcainfo"},
    {"http", "sslcapath"},
    {"http", "proxysslcainfo"},
    {"https", "proxy"},
    {"remote", "proxy"},
    {"remote", "pushurl"},
    {"remote", "pushdefault"},
    {"sendemail", "smtpserver"},
    {"sendemail", "tocmd"},
    {"sendemail", "cccmd"},
    {"gpg", "allowedsignersfile"},
    {"protocol", "allow"},
}};

/// Each is a check that Git makes unless it is switched off.
constexpr std::array<SectionAndName, 6> kProtections = {{
    {"http", "sslverify"},
    {"transfer", "fsckobjects"},
    {"fetch", "fsckobjects"},
    {"receive", "fsckobjects"},
    {"commit", "gpgsign"},
    {"tag", "gpgsign"},
}};

template <std::size_t N>
bool is_in(const std::array<SectionAndName, N>& all, std::string_view section,
           std::string_view name) {
  return std::find(all.begin(), all.end(), SectionAndName(section, name)) != all.end();
}

bool redirects(const std::string& section, const std::string& name, const std::string& value) {
  if (section == "alias") return value.starts_with('!');
  if (section == "submodule" && name == "update") return value.starts_with('!');
  if (section == "credential") return name == "helper" && !is_known_helper(value);
  if (section == "core" && name == "fsmonitor") return !is_switch(value);
  if (section == "pager") return !is_switch(value);
  // One folder that is trusted is what Git itself asks people to set.
  if (section == "safe" && name == "directory") return value == "*";
  if (is_in(kProtections, section, name)) return is_off(value);
  return !value.empty() && (is_in(kCommands, section, name) || is_in(kConnections, section, name));
}

}  // namespace

std::vector<ProgramSetting> git_settings(std::string_view text) {
  std::vector<ProgramSetting> settings;
  Section section;
  while (!text.empty()) {
    const std::string whole = logical_line(text);
    std::string_view line = trimmed(whole);
    while (line.starts_with('[')) {
      section = section_of(line);
      line = trimmed(line);
    }
    const std::size_t equals = line.find('=');
    if (line.empty() || line[0] == '#' || line[0] == ';' || equals == std::string_view::npos)
      continue;
    const std::string name = ascii_lower(trimmed(line.substr(0, equals)));
    std::string value = value_of(line.substr(equals + 1));
    const std::string sub = section.sub.empty() ? "" : "." + section.sub;
    ProgramSetting setting{.key = section.name + sub + "." + name, .value = std::move(value)};
    setting.redirects = redirects(section.name, name, setting.value);
    setting.redirects_if_changed = section.name == "remote" && name == "url";
    settings.push_back(std::move(setting));
  }
  return settings;
}

}  // namespace skillaudit
