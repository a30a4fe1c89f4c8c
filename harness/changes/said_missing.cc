#include "harness/changes/said_missing.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "harness/base/ascii.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

constexpr std::size_t kLongestName = 300;

/// Quotes as programs write them, in a C locale and in another one.
std::string unquoted(std::string_view word) {
  static constexpr auto kQuotes =
      std::to_array<std::string_view>({"'", "\"", "`", "\u2018", "\u2019", "\u201c", "\u201d"});
  bool again = true;
  while (again) {
    again = false;
    word = trim(word);
    for (const std::string_view quote : kQuotes) {
      if (word.starts_with(quote)) {
        word.remove_prefix(quote.size());
        again = true;
      }
      if (word.ends_with(quote)) {
        word.remove_suffix(quote.size());
        again = true;
      }
    }
  }
  return word.size() > kLongestName ? std::string() : std::string(word);
}

bool is_one_word(std::string_view word) {
  return !word.empty() && word.find_first_of(" \t") == std::string_view::npos;
}

/// The part before `end`, back to the colon before it: "a: line 1: x" gives "x".
std::string word_before(std::string_view line, std::string_view end) {
  const std::size_t at = line.find(end);
  if (at == std::string_view::npos) return {};
  const std::string_view before = line.substr(0, at);
  const std::size_t colon = before.rfind(": ");
  const std::string word =
      unquoted(colon == std::string_view::npos ? before : before.substr(colon + 2));
  return is_one_word(word) ? word : std::string();
}

bool has_ending(std::string_view word) {
  const std::size_t dot = word.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == word.size() || word.size() > dot + 6)
    return false;
  return word.find("://") == std::string_view::npos && !word.starts_with('<') &&
         std::all_of(word.begin() + static_cast<std::ptrdiff_t>(dot) + 1, word.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0; }) &&
         std::any_of(word.begin() + static_cast<std::ptrdiff_t>(dot) + 1, word.end(),
                     [](unsigned char c) { return std::isalpha(c) != 0; });
}

/// "unpacked/word", but not "and/or" at a sentence's end, nor an address.
bool is_folder_path(std::string_view word) {
  const std::size_t slash = word.find('/');
  return slash != std::string_view::npos && slash > 0 && slash + 1 < word.size() &&
         word.find("://") == std::string_view::npos && !word.starts_with('<') && word != "and/or";
}

/// The last word with an ending, or a path: "input.docx" of "Error: Input file not found:
/// input.docx".
std::string last_named_file(std::string_view line) {
  std::string found;
  while (!line.empty()) {
    const std::size_t end = std::min(line.find_first_of(" \t'\"`,;:()[]"), line.size());
    std::string_view word = line.substr(0, end);
    while (word.ends_with('.')) word.remove_suffix(1);
    if (has_ending(word) || is_folder_path(word)) found = word;
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return found;
}

/// The word behind `start`, up to a blank, or within quotes.
std::string word_after(std::string_view line, std::string_view start) {
  const std::size_t at = line.find(start);
  if (at == std::string_view::npos) return {};
  std::string_view rest = trim(line.substr(at + start.size()));
  if (rest.empty()) return {};
  if (rest[0] == '\'' || rest[0] == '"')
    rest = rest.substr(1, rest.find(rest[0], 1) - 1);
  else
    rest = rest.substr(0, rest.find_first_of(" \t,;)"));
  return unquoted(rest);
}

constexpr std::string_view kNoSuchFile = ": No such file or directory";

}  // namespace

std::string program_said_missing(std::string_view line) {
  if (std::string word = word_after(line, "command not found: "); !word.empty()) return word;
  if (std::string word = word_before(line, ": command not found"); !word.empty()) return word;
  if (line.ends_with(": not found"))
    if (std::string word = word_before(line, ": not found"); !word.empty()) return word;
  if (std::string word = word_before(line, ": bad interpreter"); !word.empty()) return word;
  for (const std::string_view start : {"spawn ", "spawnSync "})
    if (line.find(" ENOENT") != std::string_view::npos)
      if (std::string word = word_after(line, start); !word.empty()) return word;
  if (const std::size_t at = line.find("failed to run command");
      at != std::string_view::npos && line.ends_with(kNoSuchFile))
    return unquoted(line.substr(at + 21, line.size() - at - 21 - kNoSuchFile.size()));
  // env(1), xargs(1), make(1): what they were told to run.
  const std::string_view teller = line.substr(0, line.find(':'));
  const bool runs = teller == "env" || teller == "/usr/bin/env" || teller == "xargs" ||
                    teller.starts_with("make") || teller == "nice" || teller == "time";
  if (runs && line.ends_with(kNoSuchFile)) return word_before(line, kNoSuchFile);
  // What a program of Python could not start is told as a file; a file has an ending.
  if (line.find("FileNotFoundError:") != std::string_view::npos) {
    const std::string word = word_after(line, "No such file or directory: ");
    if (is_one_word(word) && word.find('/') == std::string::npos &&
        word.find('.') == std::string::npos)
      return word;
  }
  return {};
}

std::string module_said_missing(std::string_view line) {
  if (std::string word = word_after(line, "No module named "); !word.empty())
    return word.substr(0, word.find('.'));
  for (const std::string_view start : {"Cannot find module ", "Cannot find package "}) {
    std::string word = word_after(line, start);
    if (word.empty()) continue;
    if (word[0] == '.' || word[0] == '/' || word.starts_with("file:")) return "/" + word;
    // "@scope/name/part" is of the package "@scope/name".
    std::size_t end = word.find('/');
    if (word[0] == '@' && end != std::string::npos) return word.substr(1, end - 1);
    return word.substr(0, end);
  }
  if (std::string word = word_after(line, "cannot load such file -- "); !word.empty())
    return word[0] == '/' ? word : word.substr(0, word.find('/'));
  if (line.find(" in @INC") != std::string_view::npos)
    if (const std::string word = word_after(line, "Can't locate "); word.ends_with(".pm"))
      return word.substr(0, word.find_first_of("/."));
  return {};
}

std::string file_said_missing(std::string_view line) {
  // ImageMagick adds where in its own sources it says so: " @ error/blob.c/OpenBlob/2998".
  line = line.substr(0, line.find(" @ error/"));
  for (const std::string_view start :
       {"No such file or directory: ", "no such file or directory, open ",
        "no such file or directory, scandir ", "no such file or directory, stat ",
        "can't open file ", "cannot access "})
    if (std::string word = word_after(line, start); !word.empty()) return word;
  if (line.ends_with(kNoSuchFile))
    if (std::string word = word_before(line, kNoSuchFile); !word.empty()) return word;
  // "I/O Error: Couldn't open file 'a.pdf': No such file or directory.", "a.csv does not exist".
  static constexpr auto kWords = std::to_array<std::string_view>(
      {"no such file", "does not exist", "doesn't exist", "not found", "can't open", "cannot open",
       "could not open", "couldn't open", "unable to open", "cannot find", "can't find",
       "could not find", "could not read", "cannot read", "failed to open"});
  const std::string lower = ascii_lower(line);
  if (std::any_of(kWords.begin(), kWords.end(),
                  [&](std::string_view word) { return lower.find(word) != std::string::npos; }))
    return last_named_file(line);
  return {};
}

namespace {

/// Words of a sentence, which name no program.
constexpr auto kPlainWords = std::to_array<std::string_view>(
    {"not",      "run",   "you",    "the",   "file", "this", "that",      "it",        "be",
     "is",       "are",   "to",     "for",   "from", "in",   "on",        "and",       "or",
     "with",     "your",  "please", "an",    "of",   "all",  "error",     "install",   "missing",
     "required", "found", "start",  "using", "use",  "via",  "available", "installed", "input"});

/// Whether the code looks for that program or module: "command -v ffmpeg", "import ffmpeg". In a
/// comment, "which" is a word like others.
bool looks_for(std::string_view code, std::string_view look, std::string_view name) {
  const std::string wanted = std::string(look) + std::string(name);
  for (std::size_t at = code.find(wanted); at != std::string_view::npos;
       at = code.find(wanted, at + 1)) {
    const std::size_t end = at + wanted.size();
    const auto is_part = [](unsigned char c) {
      return std::isalnum(c) != 0 || c == '_' || c == '-';
    };
    if (end < code.size() && is_part(static_cast<unsigned char>(code[end]))) continue;
    if (at > 0 && is_part(static_cast<unsigned char>(code[at - 1]))) continue;
    const std::size_t start = code.rfind('\n', at) + 1;  // npos + 1 is 0
    const std::string_view before = trim(code.substr(start, at - start));
    if (before.starts_with('#') || before.starts_with("//") || before.starts_with('*')) continue;
    return true;
  }
  return false;
}

}  // namespace

std::string asked_to_install(std::string_view line, const Skill& skill) {
  static constexpr auto kWords =
      std::to_array<std::string_view>({"not found", "not installed", "is required", "install",
                                       "requires", "missing", "not available"});
  static constexpr auto kLooks = std::to_array<std::string_view>(
      {"command -v ", "which ", "which(\"", "which('", "hash ", "type ", "type -p ", "import ",
       "from ", "require(\"", "require('"});
  const std::string lower = ascii_lower(line);
  if (std::none_of(kWords.begin(), kWords.end(),
                   [&](std::string_view word) { return lower.find(word) != std::string::npos; }))
    return {};
  const auto is_part = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.' || c == '+';
  };
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (!is_part(static_cast<unsigned char>(line[at]))) continue;
    std::size_t end = at;
    while (end < line.size() && is_part(static_cast<unsigned char>(line[end]))) ++end;
    std::string_view name = line.substr(at, end - at);
    at = end;
    while (name.ends_with('.')) name.remove_suffix(1);
    if (name.size() < 2 ||
        std::find(kPlainWords.begin(), kPlainWords.end(), ascii_lower(name)) != kPlainWords.end())
      continue;
    for (const SkillText& text : skill.texts)
      for (const std::string_view look : kLooks)
        if (!text.documents && looks_for(text.text, look, name)) return std::string(name);
  }
  return {};
}

}  // namespace skillaudit
