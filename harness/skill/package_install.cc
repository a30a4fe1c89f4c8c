#include "harness/skill/package_install.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include "harness/base/among.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

constexpr auto kManagers = std::to_array<std::string_view>(
    {"pip", "pip3", "pipx", "uv", "npm", "pnpm", "yarn", "bun", "apt", "apt-get", "brew", "gem",
     "cargo", "conda", "mamba", "dnf", "yum", "apk"});
/// Those that install what the package.json of the folder lists.
constexpr auto kOfProject = std::to_array<std::string_view>({"npm", "pnpm", "yarn", "bun"});
constexpr auto kInstalls =
    std::to_array<std::string_view>({"install", "i", "ci", "add", "get", "sync"});
/// Options that name another source, or a program to run while installing.
constexpr auto kOwnSource = std::to_array<std::string_view>({"--index-url",
                                                             "--extra-index-url",
                                                             "--find-links",
                                                             "--registry",
                                                             "--source",
                                                             "--git",
                                                             "--config-settings",
                                                             "--global-option",
                                                             "--script-shell",
                                                             "--userconfig",
                                                             "--proxy",
                                                             "--trusted-host",
                                                             "--channel",
                                                             "-r",
                                                             "--requirement",
                                                             "-c",
                                                             "-o",
                                                             "--prefix",
                                                             "--target",
                                                             "-C",
                                                             "--cwd",
                                                             "--dir",
                                                             "--root"});

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (const std::string_view word : split(line, ' '))
    if (!trim(word).empty()) words.push_back(trim(word));
  return words;
}

/// A name of a package, with its version; not an address and not a folder, whose own code would
/// run.
bool is_plain(std::string_view word) {
  if (word.starts_with('.') || word.starts_with('/') || word.starts_with('~')) return false;
  const bool quoted = word.starts_with('"') || word.starts_with('\'');
  return word.find("://") == std::string_view::npos && !word.starts_with("git+") &&
         std::all_of(word.begin(), word.end(), [&](unsigned char c) {
           if (c == '<' || c == '>' || c == '*') return quoted;
           return std::isalnum(c) != 0 ||
                  std::string_view("-_.@/[],=+^~\"'").find(static_cast<char>(c)) !=
                      std::string_view::npos;
         });
}

bool only_installs(std::string_view line, bool has_own_list) {
  std::vector<std::string_view> words = words_of(line.substr(0, line.find(" #")));
  const auto drop = [&](std::size_t count) {
    words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(count));
  };
  if (!words.empty() && words[0] == "sudo") drop(1);
  if (words.size() > 2 && (words[0] == "python" || words[0] == "python3") && words[1] == "-m")
    drop(2);
  if (words.size() > 2 && words[0] == "uv" && words[1] == "pip") drop(1);
  if (words.size() < 2 || !among(kManagers, words[0]) || !among(kInstalls, words[1])) return false;
  const bool names_one = std::any_of(words.begin() + 2, words.end(),
                                     [](std::string_view word) { return !word.starts_with('-'); });
  const bool of_project = !has_own_list && among(kOfProject, words[0]) && words[1] != "add";
  return (names_one || of_project) &&
         std::all_of(words.begin(), words.end(), [](std::string_view word) {
           return is_plain(word) && !among(kOwnSource, word.substr(0, word.find('=')));
         });
}

}  // namespace

namespace {

/// Whether nothing but commands of these managers stands in it: no other folder, no fetched code.
bool has_managers_alone(std::string_view code) {
  std::string lines(code);
  for (std::size_t at = lines.find("&&"); at != std::string::npos; at = lines.find("&&", at))
    lines.replace(at, 2, "\n");
  const std::vector<std::string_view> each = split(lines, '\n');
  return std::all_of(each.begin(), each.end(), [](std::string_view line) {
    const std::vector<std::string_view> words = words_of(line);
    return words.empty() || words[0].starts_with('#') ||
           (among(kOfProject, words[0]) && std::all_of(words.begin(), words.end(), is_plain));
  });
}

}  // namespace

std::string without_package_installs(std::string_view code, bool has_own_list) {
  if (!has_own_list) has_own_list = !has_managers_alone(code);
  std::string rest;
  for (const std::string_view line : split(code, '\n')) {
    std::string_view left = line;
    while (!left.empty()) {
      const std::size_t end = std::min(left.find("&&"), left.size());
      if (!only_installs(trim(left.substr(0, end)), has_own_list)) {
        rest += left.substr(0, end);
        if (end < left.size()) rest += "&&";
      }
      left.remove_prefix(std::min(end + 2, left.size()));
    }
    rest += '\n';
  }
  return rest;
}

}  // namespace skillaudit
