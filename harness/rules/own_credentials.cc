#include "harness/rules/own_credentials.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "harness/agents/places.h"
#include "harness/rules/trace_words.h"

namespace skillaudit {
namespace {

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

/// Whether the process soon addressed somebody, as a library does that consults .netrc for each
/// request. Where it has no entry for the host the file makes no difference; what is taken out of
/// it and sent is found in the flows, or is not explained by anything (unexplained.cc).
bool asks_soon_after(const RuleInput& input, std::size_t event) {
  constexpr double kSoon = 10;
  const ProcessTree& processes = input.processes;
  const double time = processes.events()[event].time_s;
  const std::vector<std::uint32_t>& connects = processes.of_kind(TraceKind::Connect);
  return std::any_of(connects.begin(), connects.end(), [&](std::uint32_t i) {
    const double after = processes.events()[i].time_s - time;
    return processes.process(i) == processes.process(event) && after >= 0 && after < kSoon;
  });
}

/// Whether a program that sends a host its password was told to address another one instead.
bool is_led_astray(const std::vector<std::string>& words) {
  static constexpr std::array<std::string_view, 12> kOptions = {
      "--connect-to", "--resolve", "--proxy",       "--preproxy",  "--socks",  "--unix-socket",
      "--abstract",   "--doh-url", "--dns-servers", "--interface", "--config", "--execute"};
  return std::any_of(words.begin(), words.end(), [](const std::string& word) {
    return word == "-x" || word == "-K" || word == "-e" ||
           std::any_of(kOptions.begin(), kOptions.end(),
                       [&](std::string_view each) { return word.starts_with(each); });
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
  const std::string_view module = module_of_exec(*exec);
  if (rest == "/.netrc" && name.starts_with("python3") && asks_soon_after(input, event))
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
  return !sends || !(names_the_file(exec->arguments, path) || is_led_astray(exec->arguments));
}

}  // namespace skillaudit
