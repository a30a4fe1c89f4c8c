#include "harness/changes/agent_effects.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "harness/base/hash.h"
#include "harness/base/json_text.h"
#include "harness/base/text.h"
#include "harness/changes/drawn_words.h"
#include "harness/changes/locations.h"
#include "harness/changes/process_tree.h"

namespace skillaudit {
namespace {

constexpr std::size_t kMostListed = 5000;
constexpr std::size_t kMostValue = 200;
constexpr int kDeepest = 64;
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

std::string masked_path(std::string_view path) {
  std::string masked;
  for (const std::string& word : words_of(path)) masked += word;
  return masked;
}

/// Four hexadecimal digits as in the middle of a UUID may all be letters; so may six drawn ones.
bool may_be_drawn(std::string_view word) {
  constexpr std::size_t kGroup = 4;
  return word.size() >= kLeastDrawn ||
         (word.size() == kGroup &&
          word.find_first_not_of("0123456789abcdef") == std::string_view::npos);
}

/// A drawn word may happen to have no digit, in either run.
bool is_same(const std::vector<std::string>& control, const std::vector<std::string>& seen) {
  if (control.size() != seen.size()) return false;
  for (std::size_t i = 0; i < control.size(); ++i) {
    if (control[i] == seen[i]) continue;
    const bool drawn = (control[i] == "*" && may_be_drawn(seen[i])) ||
                       (seen[i] == "*" && may_be_drawn(control[i]));
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

/// Where agents count how often a skill is used: "skillUsage". A skill may have the name of any
/// other key ("env", "permissions"), and numbers are values there.
bool counts_skills(std::string_view key) {
  return key.starts_with("skill") || key.starts_with("Skill");
}

/// Walks a JSON value down to its leaves.
class Leaves {
 public:
  Leaves(const std::string& skill, std::vector<std::string>& found)
      : skill_(skill), found_(found) {}

  /// Whether all of them were listed: the file may be made to have more, or deeper ones.
  [[nodiscard]] bool add(const nlohmann::json& value) { return add(value, "", "", false, 0); }

 private:
  bool add(const nlohmann::json& value, const std::string& key, std::string_view last, bool counts,
           int depth) {
    if (found_.size() == kMostListed || depth > kDeepest) return false;
    if (value.is_object() && !value.empty()) {
      for (const auto& [name, inner] : value.items())
        if (!add(inner, key + (key.empty() ? "" : ".") + shown(name), name,
                 counts || (name == skill_ && counts_skills(last)), depth + 1))
          return false;
    } else if (value.is_array() && !value.empty()) {
      for (const auto& inner : value)
        if (!add(inner, key + "[]", "", counts, depth + 1)) return false;
    } else if (!(counts && value.is_number())) {
      std::string text = without_identifiers(json_text(value));
      if (text.size() > kMostValue) text = sha256(text);
      found_.push_back(key + " = " + text);
    }
    return true;
  }
  /// A dot in a name is no step down.
  static std::string shown(const std::string& name) {
    const std::string masked = without_identifiers(name.size() > kMostValue ? sha256(name) : name);
    return name.find_first_of(".[") == std::string::npos ? masked : "'" + masked + "'";
  }

  const std::string& skill_;
  std::vector<std::string>& found_;
};

/// False where the file has more lines than are listed.
bool add_lines(std::string_view text, std::vector<std::string>& found) {
  for (const std::string_view line : split(text, '\n')) {
    if (trim(line).empty()) continue;
    if (found.size() == kMostListed) return false;
    found.push_back(without_identifiers(line.size() > kMostValue ? sha256(line) : line));
  }
  return true;
}

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
  const nlohmann::json parsed = parse_json_or_discard(file.text);
  const bool listed = parsed.is_object() || parsed.is_array() ? Leaves(skill, found).add(parsed)
                                                              : add_lines(file.text, found);
  // What is not listed must not pass for nothing.
  if (!listed) found = {"all of it = " + sha256(file.text)};
  const std::string prefix = masked_path(file.path) + "\t";
  for (std::string& setting : found) setting = prefix + setting;
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
    add(control.files, masked_path(change.path()));
  }
  for (const Flow& flow : evidence.flows)
    if (flow.group.empty()) add(control.requests, request_of(flow));
  for (const TraceEvent& event : evidence.trace.events)
    if (std::string deed = deed_of_agent(event, evidence.agent.programs); !deed.empty())
      add(control.trace, std::move(deed));
  for (const AgentFileText& file : evidence.agent_files)
    for (std::string& setting : settings_of(file, "")) add(control.settings, std::move(setting));
  // How many files of one drawn name there are counts: see limit().
  std::sort(control.files.begin(), control.files.end());
  for (std::vector<std::string>* list : {&control.requests, &control.trace, &control.settings}) {
    std::sort(list->begin(), list->end());
    list->erase(std::unique(list->begin(), list->end()), list->end());
  }
  return control;
}

AgentEffects::AgentEffects(const Evidence& evidence) : evidence_(evidence) {
  const AgentControl& control = evidence.agent.control;
  for (const std::string& path : control.files) {
    std::vector<std::string> words = words_of(path);
    auto& alike = files_[words.size()];
    if (!alike.empty() && alike.back().words == words)
      ++alike.back().count;
    else
      alike.push_back({std::move(words), 1});
  }
  requests_.insert(control.requests.begin(), control.requests.end());
  settings_.insert(control.settings.begin(), control.settings.end());
}

const AgentEffects::Known* AgentEffects::known(std::string_view path) const {
  const std::vector<std::string> words = words_of(path);
  const auto same_length = files_.find(words.size());
  if (same_length == files_.end()) return nullptr;
  const auto& candidates = same_length->second;
  const auto found = std::find_if(candidates.begin(), candidates.end(), [&](const Known& control) {
    return is_same(control.words, words);
  });
  return found == candidates.end() ? nullptr : &*found;
}

void AgentEffects::limit(std::vector<FileChange>& files) const {
  const auto is_database = [](std::string_view path) {
    return path.find(".sqlite") != std::string_view::npos ||
           path.find(".db") != std::string_view::npos;
  };
  std::map<const Known*, std::vector<FileChange*>> drawn;
  for (FileChange& change : files) {
    if (change.origin != Origin::Agent || change.kind != ChangeKind::Added ||
        change.after.type == FileType::Directory || is_database(change.path()))
      continue;
    const Known* control = known(change.path());
    if (control &&
        std::find(control->words.begin(), control->words.end(), "*") != control->words.end())
      drawn[control].push_back(&change);
  }
  const std::size_t runs = std::max<std::size_t>(1, evidence_.agent.prompts.size());
  for (const auto& [control, changes] : drawn)
    if (changes.size() > control->count * runs)
      for (FileChange* change : changes) change->origin = Origin::Skill;
}

/// Through a link that leads elsewhere the agent itself would write there the next time.
bool AgentEffects::leads_astray(const FileChange& change) const {
  if (change.kind == ChangeKind::Deleted || change.after.type != FileType::Symlink) return false;
  const std::filesystem::path target =
      (std::filesystem::path(change.path()).parent_path() / change.after.link_target)
          .lexically_normal();
  const std::string& programs = evidence_.agent.programs;
  return !known(target.string()) &&
         (programs.empty() || !target.string().starts_with(programs + "/"));
}

bool AgentEffects::owns(const FileChange& change) const {
  if (files_.empty()) return false;
  // Set ids, and what everybody may write.
  constexpr std::uint32_t kUnsafe = 06002;
  const bool gone = change.kind == ChangeKind::Deleted;
  if (!gone && change.after.type == FileType::Regular && (change.after.mode & kUnsafe) != 0)
    return false;
  if (!known(change.path()) || leads_astray(change)) return false;
  const FileType type = gone ? change.before.type : change.after.type;
  if (!is_agent_settings(change.path(), evidence_.environment.guest_home) ||
      type == FileType::Directory)
    return true;
  const auto text =
      std::find_if(evidence_.agent_files.begin(), evidence_.agent_files.end(),
                   [&](const AgentFileText& file) { return file.path == change.path(); });
  if (gone || text == evidence_.agent_files.end() || type != FileType::Regular) return false;
  // Neither a setting more than the control has, nor one less.
  const std::vector<std::string> settings = settings_of(*text, evidence_.skill.name);
  if (std::any_of(settings.begin(), settings.end(),
                  [&](const std::string& setting) { return !settings_.contains(setting); }))
    return false;
  const std::string prefix = masked_path(text->path) + "\t";
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
