#include "harness/changes/exec_name.h"

#include <algorithm>
#include <array>

#include "harness/changes/locations.h"

namespace skillaudit {

bool is_shell(std::string_view name) {
  return name == "sh" || name == "bash" || name == "dash" || name == "zsh" || name == "ksh";
}

std::string_view script_of_exec(const TraceEvent& exec) {
  static constexpr std::array<std::string_view, 16> kInterpreters = {
      "sh",   "bash", "dash",   "zsh", "ksh", "python", "python3", "node",
      "perl", "ruby", "nodejs", "php", "lua", "deno",   "bun",     "busybox"};
  const std::string_view program = base_name(exec.program);
  const bool interprets =
      std::find(kInterpreters.begin(), kInterpreters.end(), program) != kInterpreters.end() ||
      program.starts_with("python3.") || program.starts_with("perl5") ||
      program.starts_with("ruby");
  if (!interprets) return {};
  for (std::size_t i = 1; i < exec.arguments.size(); ++i) {
    const std::string_view word = exec.arguments[i];
    if (word == "-c" || word == "-m" || word == "-" || word == "--eval") return {};
    // To a shell -e is an option; -ec and -lc take a text, as -c does.
    if (word == "-e" && !is_shell(program)) return {};
    if (word.starts_with("-") || word.starts_with("+")) {
      if (is_shell(program) && !word.starts_with("--") && word.ends_with('c')) return {};
      continue;
    }
    return word;
  }
  return {};
}

std::string name_of_exec(const TraceEvent& exec, const std::string& skill_dir) {
  const std::string_view script = script_of_exec(exec);
  if (script.empty()) return std::string(base_name(exec.program));
  if (is_below(script, skill_dir)) return std::string(script.substr(skill_dir.size() + 1));
  if (!script.starts_with('/') && !script.starts_with("..") &&
      (exec.folder == skill_dir || exec.folder.empty()))
    return std::string(script.starts_with("./") ? script.substr(2) : script);
  return std::string(base_name(script));
}

std::string_view module_of_exec(const TraceEvent& exec) {
  if (exec.arguments.size() < 3 || exec.arguments[1] != "-m") return {};
  return exec.arguments[2];
}

}  // namespace skillaudit
