#include "harness/skill/static_facts.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <string>

#include "harness/base/among.h"
#include "harness/base/text.h"
#include "harness/skill/markdown_blocks.h"

namespace skillaudit {
namespace {

// A text may be 1 MiB of nothing but paths; nobody reads more than this many.
constexpr std::size_t kMaximumPathsPerFile = 200;

constexpr std::string_view kPathEnds = " \t\r\n\"'`()<>[]{},;|&*?$=:%!";

/// Homes that exist under this name wherever they exist.
constexpr auto kSameEverywhere =
    std::to_array<std::string_view>({"linuxbrew", "Shared", "Public", "Default", "All"});
/// Names that documents use for whoever reads them.
constexpr auto kReader = std::to_array<std::string_view>(
    {"user", "users", "username", "user-name", "you", "yourname", "your-name", "me", "your_name",
     "USER", "USERNAME", "YOU", "name", "youruser"});

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

std::string_view name_at(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && (is_word(text[end]) || text[end] == '-' || text[end] == '.')) ++end;
  while (end > 0 && text[end - 1] == '.') --end;
  return end > 0 && is_word(text[0]) ? text.substr(0, end) : std::string_view();
}

/// Whether a path may begin here: not within a word, a longer path or a URL.
bool starts_path(std::string_view before) {
  if (before.empty()) return true;
  const std::size_t token = before.find_last_of(" \t\"'`()<>,;|&");
  const std::string_view own = before.substr(token == std::string_view::npos ? 0 : token + 1);
  if (own.find("://") != std::string_view::npos) return false;
  // -I/home/ann, -L/home/ann
  if (own.size() == 2 && own[0] == '-' && is_word(own[1])) return true;
  const char last = before.back();
  return !is_word(last) && std::string_view("./\\~$}-*%").find(last) == std::string_view::npos;
}

struct Start {
  std::size_t path = 0;  ///< where the path begins
  std::size_t name = 0;  ///< where the user's name begins
  bool windows = false;
};

std::optional<Start> windows_start(std::string_view line, std::size_t colon) {
  if (colon == 0 || !std::isalpha(static_cast<unsigned char>(line[colon - 1]))) return std::nullopt;
  std::size_t at = colon + 1;
  const auto separators = [&] {
    const std::size_t from = at;
    while (at < line.size() && at < from + 2 && (line[at] == '\\' || line[at] == '/')) ++at;
    return at > from;
  };
  if (!separators() || !line.substr(at).starts_with("Users")) return std::nullopt;
  at += 5;
  if (!separators()) return std::nullopt;
  return Start{colon - 1, at, true};
}

std::optional<Start> start_at(std::string_view line, std::size_t at) {
  for (const std::string_view root : {"/home/", "/Users/"})
    if (line.substr(at).starts_with(root)) return Start{at, at + root.size(), false};
  return line[at] == ':' ? windows_start(line, at) : std::nullopt;
}

std::string suggestion(std::string_view rest, bool windows) {
  std::string text = "$HOME" + std::string(rest);
  if (!windows) return text;
  std::replace(text.begin(), text.end(), '\\', '/');
  text.erase(
      std::unique(text.begin(), text.end(), [](char a, char b) { return a == '/' && b == '/'; }),
      text.end());
  return text;
}

bool is_comment(std::string_view line) {
  const std::string_view text = trim(line);
  return (text.starts_with('#') && !text.starts_with("#!")) || text.starts_with("//");
}

void add(std::vector<HardCodedPath>& all, const std::string& file, int line,
         std::vector<HardCodedPath> found, bool for_readers) {
  for (HardCodedPath& path : found) {
    const std::size_t name = path.path.find_first_of("/\\", path.path.find_first_of("/\\") + 1);
    const std::string_view rest = std::string_view(path.path).substr(name);
    const std::size_t from = rest.find_first_not_of("/\\");
    if (for_readers && among(kReader, name_at(rest.substr(from)))) continue;
    if (std::any_of(all.begin(), all.end(), [&](const HardCodedPath& other) {
          return other.line == line && other.path == path.path;
        }))
      continue;
    path.file = file;
    path.line = line;
    if (all.size() < kMaximumPathsPerFile) all.push_back(std::move(path));
  }
}

std::vector<HardCodedPath> paths_of(const SkillText& text) {
  std::vector<HardCodedPath> found;
  if (text.executable) {
    int number = 0;
    for (const std::string_view line : split(text.text, '\n')) {
      ++number;
      if (!is_comment(line)) add(found, text.path, number, hard_coded_paths_in(line), false);
    }
  } else if (text.documents) {
    for (const CodeBlock& block : code_blocks(text.text)) {
      int number = block.line;
      for (const std::string_view line : split(block.code, '\n'))
        add(found, text.path, number++, hard_coded_paths_in(line), true);
    }
  }
  return found;
}

}  // namespace

std::vector<HardCodedPath> hard_coded_paths_in(std::string_view line) {
  std::vector<HardCodedPath> found;
  for (std::size_t at = line.find_first_of("/:"); at < line.size() && found.size() < 20;
       at = line.find_first_of("/:", at + 1)) {
    const std::optional<Start> start = start_at(line, at);
    if (!start || !starts_path(line.substr(0, start->path))) continue;
    const std::string_view name = name_at(line.substr(start->name));
    const std::size_t name_end = start->name + name.size();
    if (name.empty() || among(kSameEverywhere, name)) continue;
    const bool goes_on =
        name_end < line.size() && (line[name_end] == '/' || line[name_end] == '\\');
    // "/home/ann$SUFFIX" and "/home/%s" are built at run time.
    if (!goes_on && name_end < line.size() &&
        std::string_view("$*?{[<%").find(line[name_end]) != std::string_view::npos)
      continue;
    std::size_t end = std::min(line.find_first_of(kPathEnds, name_end), line.size());
    while (end > name_end && std::string_view("/\\.").find(line[end - 1]) != std::string_view::npos)
      --end;
    HardCodedPath path;
    path.path = line.substr(start->path, end - start->path);
    path.suggestion = suggestion(line.substr(name_end, end - name_end), start->windows);
    found.push_back(std::move(path));
    at = end - 1;
  }
  return found;
}

std::vector<HardCodedPath> find_hard_coded_paths(const std::vector<SkillText>& texts) {
  std::vector<HardCodedPath> all;
  for (const SkillText& text : texts) {
    auto found = paths_of(text);
    all.insert(all.end(), std::make_move_iterator(found.begin()),
               std::make_move_iterator(found.end()));
  }
  return all;
}

}  // namespace skillaudit
