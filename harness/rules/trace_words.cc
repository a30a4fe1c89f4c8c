#include "harness/rules/trace_words.h"

#include <fmt/core.h>

#include <algorithm>

namespace skillaudit {
namespace {

constexpr std::size_t kMostCited = 4;
/// Keys that are told apart; what a skill does in more ways than this is counted as it comes.
constexpr std::size_t kMostKeys = 4096;

}  // namespace

std::string who_did(const RuleInput& input, std::size_t event) {
  return input.processes.who(event, [](std::string_view name) { return as_code(name, 60); });
}

std::string told(const ProcessTree& processes, std::size_t event, std::string_view did) {
  const TraceEvent& what = processes.events()[event];
  const std::string who = processes.who(
      event, [](std::string_view name) { return fmt::format("`{}`", name.substr(0, 60)); });
  return fmt::format("pid {} {} {} at {:+.1f} s", what.pid, who, did.substr(0, 400),
                     processes.time_of(what));
}

Citation cite_event(const RuleInput& input, std::size_t event, std::string_view did) {
  return cite(source::trace(input.processes.events()[event].serial),
              told(input.processes, event, did));
}

const FileChange* change_at(const RuleInput& input, std::string_view path) {
  return find_change(input.changes.files, path);
}

const FileEntry* entry_before(const RuleInput& input, std::string_view path) {
  return find_file(input.evidence.before.files, path);
}

const std::string& program_at(const RuleInput& input, std::size_t event) {
  const TraceEvent* exec = input.processes.image(event);
  return exec != nullptr ? exec->program : input.processes.events()[event].program;
}

bool is_own_program(const RuleInput& input, std::string_view path) {
  if (input.place(path) != Place::Program) return false;
  const FileChange* change = change_at(input, path);
  return change == nullptr || change->origin != Origin::Skill;
}

std::string with_tilde(const RuleInput& input, std::string_view path) {
  const std::string& home = input.evidence.environment.guest_home;
  return is_below(path, home) ? fmt::format("~{}", path.substr(home.size())) : std::string(path);
}

std::string command_line(const TraceEvent& exec) {
  constexpr std::size_t kLongest = 400;
  std::string text;
  for (const std::string& word : exec.arguments) {
    if (!text.empty()) text += ' ';
    text += word.substr(0, kLongest);
    if (text.size() > kLongest) break;
  }
  return text.empty() ? exec.program : text;
}

Offender* Offenders::at(const std::string& key) {
  const auto found = places_.find(key);
  if (found != places_.end())
    return found->second < listed_.size() ? &listed_[found->second] : nullptr;
  const bool listed = listed_.size() < kMostListed;
  if (places_.size() < kMostKeys)
    places_.emplace(key, listed ? listed_.size() : static_cast<std::size_t>(-1));
  if (!listed) {
    ++unlisted_;
    return nullptr;
  }
  listed_.reserve(kMostListed);
  return &listed_.emplace_back();
}

void Offenders::add(Offender* offender, Citation citation) {
  if (offender != nullptr && offender->evidence.size() < kMostCited)
    offender->evidence.push_back(std::move(citation));
}

}  // namespace skillaudit
