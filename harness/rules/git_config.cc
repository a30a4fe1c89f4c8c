#include "harness/rules/git_config.h"

#include <algorithm>
#include <array>

#include "harness/base/ascii.h"

#include "harness/agents/places.h"

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

/// Helpers that come with Git, and those of the systems' own key stores.
bool is_known_helper(std::string_view value) {
  const std::string_view name = value.substr(0, value.find(' '));
  constexpr std::array<std::string_view, 6> kKnown = {"",          "store",  "cache", "osxkeychain",
                                                      "libsecret", "manager"};
  return std::find(kKnown.begin(), kKnown.end(), name) != kKnown.end();
}

bool runs_something(const std::string& section, const std::string& name, const std::string& value) {
  if (section == "alias") return value.starts_with('!');
  if (section == "credential") return name == "helper" && !is_known_helper(value);
  if (section == "core" && name == "fsmonitor") return !is_switch(value);
  if (section == "pager") return !is_switch(value);
  constexpr std::array<std::pair<std::string_view, std::string_view>, 27> kCommands = {{
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
      {"gpg", "program"},
      {"interactive", "difffilter"},
      {"remote", "uploadpack"},
      {"remote", "receivepack"},
      {"remote", "vcs"},
      {"uploadpack", "packobjectshook"},
      {"trailer", "command"},
  }};
  if (value.empty()) return false;
  return std::find(kCommands.begin(), kCommands.end(),
                   std::pair<std::string_view, std::string_view>(section, name)) != kCommands.end();
}

}  // namespace

std::vector<GitCommand> git_commands(std::string_view text) {
  std::vector<GitCommand> commands;
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
    if (!runs_something(section.name, name, value)) continue;
    const std::string sub = section.sub.empty() ? "" : "." + section.sub;
    commands.push_back({section.name + sub + "." + name, std::move(value)});
  }
  return commands;
}

bool is_git_config(std::string_view path) {
  return std::any_of(kPlaces.begin(), kPlaces.end(), [&](const KnownPlace& place) {
    if (!place.has(kGitSettings)) return false;
    if (place.whose() == Whose::System) return path == place.path();
    // The home of any account, also of one that is no person's.
    const std::string below = place.whose() == Whose::Home ? "" : "/";
    return path.ends_with(below + std::string(place.path()));
  });
}

}  // namespace skillaudit
