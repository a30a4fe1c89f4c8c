#include "harness/skill/broad_tools.h"

#include <algorithm>
#include <array>

#include "harness/base/text.h"

namespace skillaudit {
namespace {

constexpr std::size_t kMostNamed = 10;

std::vector<std::string_view> entries_of(std::string_view tools) {
  std::vector<std::string_view> entries;
  std::size_t start = 0;
  int depth = 0;
  // A parenthesis that is never closed must not hide the entries after it.
  const bool closed =
      std::count(tools.begin(), tools.end(), '(') == std::count(tools.begin(), tools.end(), ')');
  for (std::size_t i = 0; i <= tools.size(); ++i) {
    const char c = i < tools.size() ? tools[i] : ',';
    if (c == '(') ++depth;
    if (c == ')' && depth > 0) --depth;
    const bool parts = c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',';
    if (!parts || (depth > 0 && closed && i < tools.size())) continue;
    if (i > start) entries.push_back(tools.substr(start, i - start));
    start = i + 1;
  }
  return entries;
}

/// Programs that run whatever they are given.
bool runs_anything(std::string_view program) {
  static constexpr auto kPrograms = std::to_array<std::string_view>(
      {"bash", "sh", "dash", "zsh", "sudo", "su", "doas", "env", "eval", "exec", "xargs"});
  return std::find(kPrograms.begin(), kPrograms.end(), program) != kPrograms.end();
}

bool is_broad(std::string_view entry) {
  if (entry.find_first_not_of('*') == std::string_view::npos) return true;
  const std::size_t open = entry.find('(');
  const std::string_view tool = entry.substr(0, open);
  if (tool != "Bash" && tool != "bash" && tool != "Shell" && tool != "shell") return false;
  if (open == std::string_view::npos) return true;
  const std::string_view limit = entry.substr(open + 1, entry.rfind(')') - open - 1);
  // "git:*" and "git *" limit by their first word.
  const std::size_t star = limit.find_last_not_of("*: \t");
  if (star == std::string_view::npos) return true;
  const std::string_view command = trim(limit.substr(0, star + 1));
  return command.size() < limit.size() && runs_anything(command);
}

}  // namespace

std::vector<std::string> broad_tools(std::string_view allowed_tools) {
  std::vector<std::string> broad;
  for (const std::string_view entry : entries_of(allowed_tools)) {
    if (broad.size() == kMostNamed) break;
    if (is_broad(entry) && std::find(broad.begin(), broad.end(), entry) == broad.end())
      broad.emplace_back(entry);
  }
  return broad;
}

}  // namespace skillaudit
