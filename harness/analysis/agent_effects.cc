#include "harness/analysis/agent_effects.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/analysis/locations.h"
#include "harness/analysis/outcome.h"
#include "harness/analysis/process_tree.h"
#include "harness/base/hash.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

constexpr std::size_t kMostListed = 5000;
constexpr std::size_t kMostValue = 200;
/// mktemp(1) and its like draw six letters or more.
constexpr std::size_t kLeastDrawn = 6;

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/// The words of a path and what stands between them, in turn: "/tmp/x-1" is "/", "tmp", "/", "x",
/// "-", "*". What is drawn anew in each run is "*".
std::vector<std::string> words_of(std::string_view path) {
  // What SQLite keeps beside a database comes and goes (sqlite.org/tempfiles.html).
  for (const std::string_view beside : {"-wal", "-shm", "-journal"})
    if (path.ends_with(beside)) path.remove_suffix(beside.size());
  const std::string masked = without_drawn_words(path);
  std::vector<std::string> words;
  std::size_t at = 0;
  while (at < masked.size()) {
    std::size_t end = at + 1;
    const bool word = is_word(masked[at]);
    while (word && end < masked.size() && is_word(masked[end])) ++end;
    words.push_back(masked.substr(at, end - at));
    at = end;
  }
  return words;
}

/// A drawn word may happen to have no digit, in either run.
bool is_same(const std::vector<std::string>& control, const std::vector<std::string>& seen) {
  if (control.size() != seen.size()) return false;
  for (std::size_t i = 0; i < control.size(); ++i) {
    if (control[i] == seen[i]) continue;
    const bool drawn = (control[i] == "*" && seen[i].size() >= kLeastDrawn) ||
                       (seen[i] == "*" && control[i].size() >= kLeastDrawn);
    if (!drawn) return false;
  }
  return true;
}

std::string request_of(const Flow& flow) {
  return fmt::format("{} {}://{}:{}{}", flow.method, flow.scheme, flow.host, flow.port,
                     without_drawn_words(flow.path));
}

/// Identifiers, times and digests are drawn anew in each run; names of settings are not, however
/// they are spelled.
std::string without_identifiers(std::string_view text) {
  constexpr std::size_t kLeastLength = 8;
  constexpr std::ptrdiff_t kLeastDigits = 4;
  const auto belongs = [](char c) { return is_word(c) || c == '-' || c == '.' || c == ':'; };
  std::string masked;
  while (!text.empty()) {
    const auto end = std::find_if_not(text.begin(), text.end(), belongs);
    const std::string_view word = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    const auto digits =
        std::count_if(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
    const bool drawn = word.size() >= kLeastLength && digits >= kLeastDigits;
    masked += drawn ? std::string_view("*") : word;
    if (word.size() < text.size()) masked += text[word.size()];
    text.remove_prefix(std::min(word.size() + 1, text.size()));
  }
  return masked;
}

/// Walks a JSON value down to its leaves.
class Leaves {
 public:
  Leaves(const std::string& skill, std::vector<std::string>& found)
      : skill_(skill), found_(found) {}

  void add(const nlohmann::json& value, const std::string& key, bool below_skill) {
    if (found_.size() == kMostListed) return;
    if (value.is_object() && !value.empty()) {
      for (const auto& [name, inner] : value.items())
        add(inner, key + (key.empty() ? "" : ".") + without_identifiers(name),
            below_skill || name == skill_);
    } else if (value.is_array() && !value.empty()) {
      for (const auto& inner : value) add(inner, key + "[]", below_skill);
    } else if (!(below_skill && value.is_number())) {
      // How often and when the skill was used is counted under its name: a number tells nobody
      // anything.
      std::string text =
          without_identifiers(value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
      if (text.size() > kMostValue) text = sha256(text);
      found_.push_back(key + " = " + text);
    }
  }

 private:
  const std::string& skill_;
  std::vector<std::string>& found_;
};

}  // namespace

bool is_agent_settings(std::string_view path, std::string_view home) {
  const Place place = place_of(path, home, {});
  if (place != Place::AgentSettings && place != Place::AgentProject) return false;
  // Databases and logs of past sessions: what they hold differs from run to run.
  for (const std::string_view end : {".sqlite", ".sqlite-wal", ".sqlite-shm", ".jsonl", ".log"})
    if (path.ends_with(end)) return false;
  return true;
}

std::vector<std::string> settings_of(const AgentFileText& file, const std::string& skill) {
  std::vector<std::string> found;
  const nlohmann::json parsed = nlohmann::json::parse(file.text, nullptr, false);
  if (parsed.is_object() || parsed.is_array()) {
    Leaves(skill, found).add(parsed, "", false);
  } else {
    for (const std::string_view line : split(file.text, '\n'))
      if (!trim(line).empty() && found.size() < kMostListed)
        found.push_back(without_identifiers(line.size() > kMostValue ? sha256(line) : line));
  }
  std::string masked;
  for (const std::string& word : words_of(file.path)) masked += word;
  for (std::string& setting : found) setting = masked + "\t" + setting;
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

AgentControl control_of(const Evidence& evidence, const Changes& changes) {
  AgentControl control;
  const auto add = [](std::vector<std::string>& list, std::string text) {
    if (list.size() < kMostListed) list.push_back(std::move(text));
  };
  for (const FileChange& change : changes.files) {
    if (change.origin != Origin::Skill) continue;
    std::string masked;
    for (const std::string& word : words_of(change.path())) masked += word;
    add(control.files, masked);
  }
  for (const Flow& flow : evidence.flows)
    if (flow.group.empty()) add(control.requests, request_of(flow));
  for (const TraceEvent& event : evidence.trace.events)
    if (std::string deed = deed_of_agent(event, evidence.agent.programs); !deed.empty())
      add(control.trace, std::move(deed));
  for (const AgentFileText& file : evidence.agent_files)
    for (std::string& setting : settings_of(file, "")) add(control.settings, std::move(setting));
  for (std::vector<std::string>* list :
       {&control.files, &control.requests, &control.trace, &control.settings}) {
    std::sort(list->begin(), list->end());
    list->erase(std::unique(list->begin(), list->end()), list->end());
  }
  return control;
}

AgentEffects::AgentEffects(const Evidence& evidence) : evidence_(evidence) {
  const AgentControl& control = evidence.agent.control;
  for (const std::string& path : control.files) {
    std::vector<std::string> words = words_of(path);
    files_[words.size()].push_back(std::move(words));
  }
  requests_.insert(control.requests.begin(), control.requests.end());
  settings_.insert(control.settings.begin(), control.settings.end());
}

bool AgentEffects::owns(const FileChange& change) const {
  if (files_.empty()) return false;
  constexpr std::uint32_t kSetIds = 06000;
  const bool gone = change.kind == ChangeKind::Deleted;
  if (!gone && change.after.type == FileType::Regular && (change.after.mode & kSetIds) != 0)
    return false;
  const std::vector<std::string> words = words_of(change.path());
  const auto same_length = files_.find(words.size());
  if (same_length == files_.end()) return false;
  const auto& candidates = same_length->second;
  if (std::none_of(candidates.begin(), candidates.end(),
                   [&](const auto& control) { return is_same(control, words); }))
    return false;
  const FileType type = gone ? change.before.type : change.after.type;
  if (!is_agent_settings(change.path(), evidence_.environment.guest_home) ||
      type == FileType::Directory)
    return true;
  const auto text =
      std::find_if(evidence_.agent_files.begin(), evidence_.agent_files.end(),
                   [&](const AgentFileText& file) { return file.path == change.path(); });
  if (text == evidence_.agent_files.end() || type != FileType::Regular) return false;
  // Neither a setting more than the control has, nor one less.
  const std::vector<std::string> settings = settings_of(*text, evidence_.skill.name);
  if (std::any_of(settings.begin(), settings.end(),
                  [&](const std::string& setting) { return !settings_.contains(setting); }))
    return false;
  if (settings.empty()) return true;
  const std::string prefix = settings.front().substr(0, settings.front().find('\t') + 1);
  std::size_t of_control = 0;
  for (auto at = settings_.lower_bound(prefix); at != settings_.end() && at->starts_with(prefix);
       ++at)
    ++of_control;
  return of_control == settings.size();
}

bool AgentEffects::owns(const Flow& flow) const {
  return flow.group.empty() && requests_.contains(request_of(flow));
}

}  // namespace skillaudit
