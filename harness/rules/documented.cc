#include "harness/rules/documented.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "harness/agents/places.h"
#include "harness/base/ascii.h"
#include "harness/base/glob.h"
#include "harness/base/text.h"
#include "harness/changes/locations.h"

namespace skillaudit {
namespace {

/// No path of a skill's file that people write is longer or deeper.
constexpr std::size_t kLongestSkillPath = 512;
constexpr int kDeepestSkillPath = 16;
/// A text with more placeholders than this is no documentation; each costs a match per path.
constexpr std::size_t kMostPatterns = 256;

bool is_word_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '-' || c == '.' ||
         c == '_' || c == '@' || c == '*';
}

/// Words of a line in lower case. Full stops and hyphens at the ends belong to the sentence.
std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  std::size_t at = 0;
  while (at < line.size()) {
    if (!is_word_char(line[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < line.size() && is_word_char(line[end])) ++end;
    std::string_view word = line.substr(at, end - at);
    at = end;
    const auto is_edge = [](char c) { return c == '.' || c == '-' || c == '_'; };
    while (!word.empty() && is_edge(word.back())) word.remove_suffix(1);
    while (!word.empty() && (is_edge(word.front()) || word.front() == '*')) word.remove_prefix(1);
    while (!word.empty() && word.back() == '*') word.remove_suffix(1);
    if (word.empty()) continue;
    words.push_back(ascii_lower(word));
  }
  return words;
}

/// Folders that all programs share: naming them documents nothing below them.
bool is_shared_folder(std::string_view path, std::string_view home) {
  static constexpr std::array<std::string_view, 26> kShared = {"/",
                                                               "/home",
                                                               "/tmp",
                                                               "/var/tmp",
                                                               "/etc",
                                                               "/usr",
                                                               "/var",
                                                               "/opt",
                                                               "/root",
                                                               "/usr/local",
                                                               "/usr/bin",
                                                               "/usr/sbin",
                                                               "/usr/lib",
                                                               "/usr/share",
                                                               "/usr/local/bin",
                                                               "/usr/local/lib",
                                                               "/usr/local/share",
                                                               "/usr/local/etc",
                                                               "/var/lib",
                                                               "/var/log",
                                                               "/var/cache",
                                                               "/var/spool",
                                                               "/etc/systemd",
                                                               "/etc/systemd/system",
                                                               "/lib/systemd",
                                                               "/srv"};
  if (std::find(kShared.begin(), kShared.end(), path) != kShared.end()) return true;
  if (path == home) return true;
  if (!is_below(path, home)) return std::count(path.begin(), path.end(), '/') < 2;
  static constexpr std::array<std::string_view, 5> kSharedInHome = {
      "/.config", "/.local", "/.local/share", "/.local/bin", "/.local/lib"};
  const std::string_view rest = path.substr(home.size());
  return std::find(kSharedInHome.begin(), kSharedInHome.end(), rest) != kSharedInHome.end() ||
         std::any_of(kPlaces.begin(), kPlaces.end(), [&](const KnownPlace& place) {
           return place.has(kSharedFolder) && place.whose() == Whose::Home && rest == place.path();
         });
}

/// What writers put for a part that differs each time becomes `*`.
std::string with_wildcards(std::string_view path) {
  std::string out;
  for (std::size_t i = 0; i < path.size();) {
    const char c = path[i];
    const auto skip_to = [&](char close) {
      const std::size_t end = path.find(close, i);
      i = end == std::string_view::npos ? path.size() : end + 1;
      out += '*';
    };
    if (c == '<') {
      skip_to('>');
    } else if (c == '{') {
      skip_to('}');
    } else if (c == '$') {
      if (i + 1 < path.size() && path[i + 1] == '{') {
        skip_to('}');
      } else if (i + 1 < path.size() && path[i + 1] == '(') {
        skip_to(')');
      } else {
        ++i;
        while (i < path.size() &&
               (std::isalnum(static_cast<unsigned char>(path[i])) != 0 || path[i] == '_')) {
          ++i;
        }
        out += '*';
      }
    } else {
      if (c != '*' || !out.ends_with('*')) out += c;  // `**` counts as `*`
      ++i;
    }
  }
  if (const std::size_t year = out.find("YYYY"); year != std::string::npos) {
    for (const std::string_view part : {"YYYY", "MM", "DD", "HH", "SS"}) {
      for (std::size_t at = out.find(part, year > 0 ? year - 1 : 0); at != std::string::npos;
           at = out.find(part, at)) {
        out.replace(at, part.size(), "*");
      }
    }
  }
  return out;
}

std::string_view without_front_matter(std::string_view text) {
  if (!text.starts_with("---\n") && !text.starts_with("---\r\n")) return text;
  const std::size_t end = text.find("\n---", 3);
  return end == std::string_view::npos ? text : text.substr(end + 4);
}

bool ends_path(char c) {
  return std::isspace(static_cast<unsigned char>(c)) != 0 || c == '"' || c == '\'' || c == '`' ||
         c == '|' || c == ';' || c == ',' || c == ')' || c == ']' || c == '(' || c == '[' ||
         c == '&' || c == '\\';
}

}  // namespace

Documented::Documented(const Evidence& evidence)
    : home_(evidence.environment.guest_home), skill_dir_(evidence.environment.skill_dir) {
  const Skill& skill = evidence.skill;
  for (const SkillText& text : skill.texts) {
    if (!text.documents) continue;
    add_text(text.path == "SKILL.md" ? without_front_matter(text.text) : text.text);
  }
  add_text(skill.compatibility);
  add_text(skill.allowed_tools);
  for (const std::string& declared : skill.declares) add_text(declared);
}

void Documented::add_text(std::string_view text) {
  for (const std::string_view line : split(text, '\n')) add_line(line);
}

void Documented::add_line(std::string_view line) {
  const std::vector<std::string> words = words_of(line);
  words_.insert(words.begin(), words.end());
  add_skill_files(line);

  for (std::size_t at = 0; at < line.size(); ++at) {
    const char before = at == 0 ? ' ' : line[at - 1];
    if (is_word_char(before) && before != '*') continue;
    if (before == '/' || before == '}' || before == ':') continue;  // within a path or a URL
    const std::string_view rest = line.substr(at);
    std::string path;
    std::size_t skip = 0;
    for (const std::string_view home : {"~", "$HOME", "${HOME}"}) {
      if (rest.starts_with(home) && (rest.size() == home.size() || rest[home.size()] == '/')) {
        path = home_;
        skip = home.size();
      }
    }
    if (skip == 0 && rest[0] != '/') continue;
    std::size_t end = skip;
    while (end < rest.size() && !ends_path(rest[end])) {
      // "$(date +%F)" and "<your name>" hold what would else end the path.
      const char close = rest[end] == '<' ? '>' : rest.substr(end).starts_with("$(") ? ')' : '\0';
      const std::size_t closed =
          close == '\0' ? std::string_view::npos : rest.substr(0, end + 80).find(close, end);
      end = closed == std::string_view::npos ? end + 1 : closed + 1;
    }
    path += rest.substr(skip, end - skip);
    if (path.size() < 4096) add_path(std::move(path));
    at += end > 0 ? end - 1 : 0;
  }
}

void Documented::add_skill_files(std::string_view line) {
  for (std::size_t at = 0; at < line.size();) {
    std::size_t end = at;
    while (end < line.size() && !ends_path(line[end])) ++end;
    std::string_view word = line.substr(at, end - at);
    at = end + 1;
    while (!word.empty() && std::string_view(".:!?>*").find(word.back()) != std::string_view::npos)
      word.remove_suffix(1);
    if (word.size() > kLongestSkillPath) continue;
    for (int depth = 0; depth < kDeepestSkillPath && !word.empty(); ++depth) {
      // A plain word is no path: "tool" says nothing of the file `tool`.
      if (word.find_first_of("/.") != std::string_view::npos || depth > 0)
        skill_files_.emplace(word);
      const std::size_t slash = word.find('/');
      if (slash == std::string_view::npos) break;
      word.remove_prefix(slash + 1);
    }
  }
}

bool Documented::skill_file(std::string_view path) const {
  return skill_files_.find(path) != skill_files_.end();
}

void Documented::add_path(std::string path) {
  while (!path.empty() && (path.back() == '.' || path.back() == ':' || path.back() == '!' ||
                           path.back() == '?' || path.back() == '>')) {
    path.pop_back();
  }
  if (path.starts_with("/home/") && !is_below(path, home_)) {
    const std::size_t slash = path.find('/', 6);
    path = home_ + (slash == std::string::npos ? "" : path.substr(slash));
  }
  path = with_wildcards(path);
  for (const std::string_view all : {"/**", "/*", "/"}) {
    if (path.size() > all.size() && path.ends_with(all)) path.resize(path.size() - all.size());
  }
  if (path.find('*') != std::string::npos) {
    // The part before the first `*` must itself say something: `/tmp/*` and `~/.*` say nothing.
    const std::string fixed = path.substr(0, path.find('*'));
    const std::size_t slash = fixed.rfind('/');
    const bool telling = fixed.size() - slash > 3 ||
                         !is_shared_folder(fixed.substr(0, std::max<std::size_t>(slash, 1)), home_);
    if (telling && patterns_.size() < kMostPatterns) patterns_.insert(path);
    path = fixed.substr(0, slash);
    if (path.empty()) return;
    // Only the folders above the pattern follow from it, not what else lies in its folder.
    folders_above_.insert(path);
  } else {
    if (path.empty() || is_shared_folder(path, home_)) return;
    paths_.insert(path);
  }
  for (std::size_t slash = path.rfind('/'); slash != std::string::npos && slash > 0;
       slash = path.rfind('/', slash - 1)) {
    folders_above_.insert(path.substr(0, slash));
  }
}

bool Documented::package(std::string_view name) const { return words_.contains(ascii_lower(name)); }

bool Documented::path(std::string_view path, bool is_folder) const {
  if (is_folder && folders_above_.find(path) != folders_above_.end()) return true;
  for (std::string_view parent = path; !parent.empty();
       parent = parent.substr(0, std::min(parent.rfind('/'), parent.size()))) {
    if (names(parent)) return true;
    if (parent.find('/') == std::string_view::npos) break;
  }
  return false;
}

bool Documented::names(std::string_view path) const {
  return paths_.find(path) != paths_.end() ||
         std::any_of(patterns_.begin(), patterns_.end(),
                     [&](const std::string& pattern) { return matches_path_glob(pattern, path); });
}

}  // namespace skillaudit
