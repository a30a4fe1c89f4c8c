#include "harness/words/placeholders.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include "harness/base/among.h"
#include "harness/base/ascii.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

constexpr auto kHtmlTags = std::to_array<std::string_view>(
    {"a",    "article", "b",     "body", "br",    "button", "code",  "div",  "em",   "footer",
     "form", "h1",      "h2",    "h3",   "head",  "header", "hr",    "html", "i",    "img",
     "li",   "link",    "main",  "meta", "nav",   "ol",     "p",     "pre",  "rect", "script",
     "span", "strong",  "style", "svg",  "table", "td",     "title", "tr",   "ul",   "xml"});
constexpr auto kSynopsisWords =
    std::to_array<std::string_view>({"options", "option", "args", "arg", "arguments", "flags",
                                     "file", "files", "path", "name", "command", "url"});
constexpr auto kEditors = std::to_array<std::string_view>(
    {"vim", "vi", "nvim", "nano", "emacs", "pico", "visudo", "htop"});

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-'; }

/// The word that ends the here-document that starts in `line`; empty when none starts.
std::string here_document_end(std::string_view line) {
  const std::size_t at = line.find("<<");
  if (at == std::string_view::npos || line.substr(at).starts_with("<<<")) return {};
  std::size_t from = at + 2;
  while (from < line.size() &&
         std::string_view("-\\'\" ").find(line[from]) != std::string_view::npos)
    ++from;
  std::size_t end = from;
  while (end < line.size() && is_word(line[end])) ++end;
  // "$((1 << 2))" is no here-document.
  if (end > from && std::isdigit(static_cast<unsigned char>(line[from]))) return {};
  return std::string(line.substr(from, end - from));
}

/// Code without comments and without the bodies of here-documents.
std::vector<std::string_view> command_lines(std::string_view code) {
  std::vector<std::string_view> lines;
  std::string end;
  for (std::string_view line : split(code, '\n')) {
    if (!end.empty()) {
      if (trim(line) == end) end.clear();
      continue;
    }
    if (trim(line).starts_with('#')) continue;
    line = line.substr(0, line.find(" # "));
    end = here_document_end(line);
    lines.push_back(line);
  }
  return lines;
}

std::string angle_placeholder(std::string_view line) {
  for (std::size_t at = line.find('<'); at != std::string_view::npos; at = line.find('<', at + 1)) {
    std::size_t end = at + 1;
    while (end < line.size() && (is_word(line[end]) || std::string_view(" ./|:").find(line[end]) !=
                                                           std::string_view::npos))
      ++end;
    const std::string_view inner = line.substr(at + 1, end - at - 1);
    if (end == line.size() || line[end] != '>' || inner.empty()) continue;
    const bool after_bracket = at > 0 && line[at - 1] == '<';
    if (after_bracket || !std::isalpha(static_cast<unsigned char>(inner[0])) ||
        inner.back() == ' ' || inner.back() == '/')
      continue;
    if (among(kHtmlTags, ascii_lower(inner.substr(0, inner.find(' '))))) continue;
    return std::string(line.substr(at, end - at + 1));
  }
  return {};
}

std::string your_placeholder(std::string_view line) {
  for (std::size_t at = 0; at < line.size();) {
    if (!is_word(line[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < line.size() && is_word(line[end])) ++end;
    const std::string_view word = line.substr(at, end - at);
    const bool variable = at > 0 && (line[at - 1] == '$' || line[at - 1] == '{');
    const bool assigned = end < line.size() && line[end] == '=';
    std::string folded = ascii_lower(word);
    std::replace(folded.begin(), folded.end(), '-', '_');
    if (!variable && !assigned && ("_" + folded).find("_your_") != std::string::npos)
      return std::string(word);
    at = end;
  }
  return {};
}

/// "[size]", "[output-dir]": an argument that may be left out, and no set of letters, as "[a-z]".
bool is_optional(std::string_view word) {
  const std::string_view inner = word.substr(1, word.size() - 2);
  return word.ends_with(']') && inner.size() > 3 && inner[1] != '-' &&
         inner.find_first_not_of("abcdefghijklmnopqrstuvwxyz-_") == std::string_view::npos;
}

std::string word_placeholder(std::string_view line) {
  for (std::string_view word : split(line, ' ')) {
    const std::string_view whole = word;
    while (!word.empty() && (word.front() == '"' || word.front() == '\'')) word.remove_prefix(1);
    while (!word.empty() && (word.back() == '"' || word.back() == '\'')) word.remove_suffix(1);
    if (word == "..." || word == "…") return std::string(whole);
    if (word.size() < 3 || word.front() != '[') continue;
    // "[--cols N]", "[-n COUNT]"; "[-1, x]" is a list.
    const std::string_view option = word.substr(word.starts_with("[--") ? 3 : 2);
    const bool is_option = word[1] == '-' && !option.empty() &&
                           std::isalpha(static_cast<unsigned char>(option[0])) != 0 &&
                           (word[2] == '-' || option.size() == 1);
    if (is_option && word.find(']') == std::string_view::npos) {
      const std::size_t at = static_cast<std::size_t>(word.data() - line.data());
      const std::size_t end = line.find_first_of("[]$\"'`", at + 1);
      if (end != std::string_view::npos && line[end] == ']')
        return std::string(line.substr(at, end - at + 1));
      continue;
    }
    std::string_view inner = word.substr(1, word.find_first_of("].", 1) - 1);
    if (word.find(']') == std::string_view::npos && !among(kSynopsisWords, ascii_lower(inner)))
      continue;
    if (inner.starts_with('-') || among(kSynopsisWords, ascii_lower(inner)) || is_optional(word))
      return std::string(whole);
  }
  return {};
}

/// The simple commands of a line, each cut at its operators, without sudo and assignments.
std::vector<std::string> simple_commands(std::string_view line) {
  std::vector<std::string> commands;
  while (!line.empty()) {
    const std::size_t end = std::min(line.find_first_of(";|&()"), line.size());
    std::string_view command = trim(line.substr(0, end));
    for (;;) {
      const std::string_view first = command.substr(0, command.find(' '));
      const bool skip =
          first == "sudo" || (!first.starts_with('=') && first.find('=') != std::string_view::npos);
      if (!skip || first.size() == command.size()) break;
      command = trim(command.substr(first.size()));
    }
    if (!command.empty()) commands.emplace_back(command);
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return commands;
}

std::string terminal_program(const std::string& command) {
  const std::string first = command.substr(0, command.find(' '));
  const auto has = [&](std::string_view option) {
    return (command + " ").find(" " + std::string(option) + " ") != std::string::npos;
  };
  if (among(kEditors, first)) {
    const bool quiet = has("--batch") || has("-batch") || has("-es") || has("--headless") ||
                       has("--version") || has("-c") || has("-cf");
    return quiet ? "" : first;
  }
  if (first == "crontab" && has("-e")) return "crontab -e";
  if (command.starts_with("systemctl edit ")) return "systemctl edit";
  if (command.starts_with("git rebase ") && has("-i")) return "git rebase -i";
  if (command.starts_with("git add ") && (has("-p") || has("-i"))) return "git add -p";
  if ((first == "docker" || first == "podman") && (has("-it") || has("-ti"))) return first + " -it";
  if (command == "tmux" || command.starts_with("tmux attach")) return "tmux";
  return {};
}

}  // namespace

std::string find_placeholder(std::string_view code) {
  for (const std::string_view line : command_lines(code)) {
    if (std::string found = angle_placeholder(line); !found.empty()) return found;
    if (std::string found = your_placeholder(line); !found.empty()) return found;
    if (std::string found = word_placeholder(line); !found.empty()) return found;
    if (line.find("path/to/") != std::string_view::npos) return "path/to/";
  }
  return {};
}

bool leaves_something_open(std::string_view code) {
  static constexpr auto kUsual =
      std::to_array<std::string_view>({"HOME", "USER", "PATH", "PWD", "OLDPWD", "SHELL", "TMPDIR",
                                       "EDITOR", "LANG", "RANDOM", "HOSTNAME", "LOGNAME", "SECONDS",
                                       "BASH_SOURCE", "PIPESTATUS", "IFS", "REPLY", "EUID", "UID"});
  const auto is_set = [&](const std::string& name) {
    for (std::size_t at = code.find(name); at != std::string_view::npos;
         at = code.find(name, at + 1)) {
      const std::string_view before = code.substr(0, at);
      const std::string_view after = code.substr(at + name.size());
      if (after.starts_with('=') || after.starts_with("+=") || before.ends_with("for ") ||
          before.ends_with("read ") || before.ends_with("read -r ") || after.starts_with(":-") ||
          after.starts_with(":="))
        return true;
    }
    return false;
  };
  for (const std::string_view line : command_lines(code)) {
    for (std::size_t at = line.find('$'); at != std::string_view::npos;
         at = line.find('$', at + 1)) {
      std::size_t from = at + 1;
      if (from < line.size() && line[from] == '{') ++from;
      std::size_t end = from;
      while (end < line.size() &&
             (std::isalnum(static_cast<unsigned char>(line[end])) != 0 || line[end] == '_'))
        ++end;
      const std::string name(line.substr(from, end - from));
      if (name.size() > 1 && std::isupper(static_cast<unsigned char>(name[0])) != 0 &&
          !among(kUsual, name) && !is_set(name))
        return true;
    }
    for (const std::string_view word : split(line, ' '))
      if (word.size() == 1 && std::isupper(static_cast<unsigned char>(word[0])) != 0) return true;
  }
  return false;
}

std::string find_terminal_program(std::string_view code) {
  for (const std::string_view line : command_lines(code))
    for (const std::string& command : simple_commands(line))
      if (std::string found = terminal_program(command); !found.empty()) return found;
  return {};
}

}  // namespace skillaudit
