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

bool only_installs(std::string_view line) {
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
  return names_one && std::all_of(words.begin(), words.end(), [](std::string_view word) {
           return is_plain(word) && !among(kOwnSource, word.substr(0, word.find('=')));
         });
}

}  // namespace

std::string without_package_installs(std::string_view code) {
  std::string rest;
  for (const std::string_view line : split(code, '\n')) {
    std::string_view left = line;
    while (!left.empty()) {
      const std::size_t end = std::min(left.find("&&"), left.size());
      if (!only_installs(trim(left.substr(0, end)))) {
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
