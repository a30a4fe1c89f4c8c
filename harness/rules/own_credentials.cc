#include "harness/rules/own_credentials.h"

#include <algorithm>
#include <string_view>

#include "harness/agents/places.h"
#include "harness/rules/trace_words.h"

namespace skillaudit {
namespace {

/// "pip" of `python3 -m pip`.
std::string_view module_of(const TraceEvent& exec) {
  if (exec.arguments.size() < 3 || exec.arguments[1] != "-m") return {};
  return exec.arguments[2];
}

/// curl reads .netrc when it is told to: -n, -sn, --netrc, --netrc-optional, --netrc-file FILE.
bool asks_for_netrc(const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(), [](const std::string& word) {
    if (word.starts_with("--")) return word.starts_with("--netrc");
    return word.size() > 1 && word.size() < 8 && word[0] == '-' &&
           word.find('n') != std::string::npos &&
           std::all_of(word.begin() + 1, word.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
  });
}

/// A file that is named on the command line of a program which sends files is sent, whatever else
/// it is for.
bool names_the_file(const std::vector<std::string>& words, std::string_view path) {
  const std::string_view name = base_name(path);
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[i].find(name) == std::string::npos) continue;
    if (words[i].starts_with("--netrc-file=") || words[i - 1] == "--netrc-file") continue;
    return true;
  }
  return false;
}

/// Whether a library that consults .netrc for each request asked for something soon after. Such a
/// read cannot be told from any other; what it carries away is found in the flows.
bool asked_by_library(const RuleInput& input, std::size_t event) {
  const Trace& trace = input.evidence.trace;
  const TraceEvent& read = input.processes.events()[event];
  return std::any_of(input.evidence.flows.begin(), input.evidence.flows.end(),
                     [&](const Flow& flow) {
                       if (!flow.user_agent.starts_with("python-requests/")) return false;
                       const double after = flow.time - (trace.began_at + read.time_s);
                       return trace.began_at <= 0 || (after > -1 && after < 30);
                     });
}

}  // namespace

bool reads_its_own(const RuleInput& input, std::size_t event, std::string_view path) {
  const TraceEvent* exec = input.processes.image(event);
  const std::string& home = input.evidence.environment.guest_home;
  if (exec == nullptr || !is_below(path, home)) return false;
  const std::string_view rest = path.substr(home.size());
  if (!is_own_program(input, exec->program)) return false;
  std::string_view name = base_name(exec->program);
  const std::string_view script = script_of_exec(*exec);
  const std::string_view module = module_of(*exec);
  if (rest == "/.netrc" && name.starts_with("python3") && asked_by_library(input, event))
    return true;
  if (!script.empty()) {
    // The first word: an option before it could load anything into the interpreter.
    if (!is_own_program(input, script) || exec->arguments.size() < 2 ||
        exec->arguments[1] != script)
      return false;
    name = base_name(script);
  } else if (!module.empty()) {
    name = module;
  }
  const bool known = std::any_of(kPlaces.begin(), kPlaces.end(), [&](const KnownPlace& place) {
    return place.kind == Place::UserSecret && place.is_read_by(name) && is_at(rest, place);
  });
  if (!known) return false;
  if (name == "curl" && !asks_for_netrc(exec->arguments)) return false;
  const bool sends = name == "curl" || name == "wget";
  return !sends || !names_the_file(exec->arguments, path);
}

}  // namespace skillaudit
