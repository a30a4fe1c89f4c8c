#include "harness/rules/passing_reads.h"

#include <algorithm>
#include <array>
#include <set>

#include "harness/rules/trace_words.h"

namespace skillaudit {
namespace {

constexpr std::array<std::string_view, 12> kSearchers = {
    "grep", "egrep", "fgrep", "rg", "ag", "ack", "git", "wc", "file", "cloc", "ctags", "sha256sum"};

/// The folder that holds secrets of one program and nothing else: "/home/u/.ssh", or the file
/// itself where it lies among others.
std::string_view place_of_secret(const RuleInput& input, std::string_view path) {
  const std::string& home = input.evidence.environment.guest_home;
  if (!is_below(path, home)) return path;
  const std::size_t end = path.find('/', home.size() + 1);
  const bool hidden_folder = path[home.size() + 1] == '.' && end != std::string_view::npos;
  return hidden_folder ? path.substr(0, end) : path;
}

std::string absolute(std::string_view word, std::string_view folder) {
  while (word.size() > 1 && word.ends_with('/')) word.remove_suffix(1);
  if (word.starts_with("./")) word.remove_prefix(2);
  if (word == ".") return std::string(folder);
  if (word.starts_with('/')) return std::string(word);
  return std::string(folder) + "/" + std::string(word);
}

/// A word that looks for secrets: nobody finds them in passing who asks for them.
bool asks_for_secrets(std::string_view word) {
  static constexpr std::array<std::string_view, 12> kWords = {
      "PRIVATE", "BEGIN", "secret", "SECRET", "token", "TOKEN",
      "passw",   "PASSW", "key",    "KEY",    "AKIA",  "ghp_"};
  return std::any_of(kWords.begin(), kWords.end(), [&](std::string_view each) {
    return word.find(each) != std::string_view::npos;
  });
}

/// A search whose words name neither the secret nor the folder that it lies in.
bool searches_around(const RuleInput& input, const TraceEvent& exec, std::string_view path) {
  const std::string_view name = base_name(exec.program);
  if (std::find(kSearchers.begin(), kSearchers.end(), name) == kSearchers.end()) return false;
  if (!is_own_program(input, exec.program)) return false;
  const std::string_view secret = place_of_secret(input, path);
  for (std::size_t i = 1; i < exec.arguments.size(); ++i) {
    const std::string& word = exec.arguments[i];
    if (asks_for_secrets(word)) return false;
    const std::string operand = absolute(word, exec.folder);
    if (operand == secret || is_below(operand, secret)) return false;
  }
  return true;
}

/// Other files of the same tree that the same process opened, none of them a secret.
bool walks_through(const RuleInput& input, std::size_t event, std::string_view path) {
  constexpr std::size_t kOthers = 2;
  const ProcessTree& processes = input.processes;
  const std::string& home = input.evidence.environment.guest_home;
  if (!is_below(path, home)) return false;
  const std::string_view tree = path.substr(0, path.find('/', home.size() + 1));
  std::set<std::string_view> others;
  for (const std::uint32_t i : processes.of_kind(TraceKind::DocumentRead)) {
    const TraceEvent& read = processes.events()[i];
    if (!read.success || processes.process(i) != processes.process(event)) continue;
    for (const std::string& each : read.paths)
      if (is_below(each, tree)) others.insert(each);
  }
  return others.size() >= kOthers;
}

/// Whether a copy was found, or the step that read it printed it.
bool was_kept_or_shown(const RuleInput& input, std::string_view path) {
  for (const Decoy& decoy : input.evidence.decoys) {
    if (decoy.path != path) continue;
    for (const DecoySighting& sighting : input.evidence.decoy_sightings)
      if (sighting.decoy == decoy.name) return true;
    for (const Step& step : input.evidence.execution.steps)
      if (step.out.find(decoy.nonce) != std::string::npos ||
          step.err.find(decoy.nonce) != std::string::npos)
        return true;
  }
  return false;
}

}  // namespace

bool is_read_in_passing(const RuleInput& input, const UnexplainedSends& sends, std::size_t event,
                        std::string_view path) {
  const TraceEvent* exec = input.processes.image(event);
  if (exec == nullptr) return false;
  if (!searches_around(input, *exec, path) && !walks_through(input, event, path)) return false;
  return !sends.any_after(input.processes.events()[event].time_s) &&
         !was_kept_or_shown(input, path);
}

}  // namespace skillaudit
