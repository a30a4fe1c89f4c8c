#include "harness/runner/script_command.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "harness/base/text.h"

namespace skillaudit {
namespace {

struct Interpreter {
  std::string_view suffix;
  std::string_view program;
};
constexpr std::array<Interpreter, 9> kInterpreters = {{{".sh", "bash"},
                                                       {".bash", "bash"},
                                                       {".zsh", "zsh"},
                                                       {".py", "python3"},
                                                       {".js", "node"},
                                                       {".mjs", "node"},
                                                       {".cjs", "node"},
                                                       {".rb", "ruby"},
                                                       {".pl", "perl"}}};
constexpr std::array<Interpreter, 5> kForeign = {{{".ps1", "PowerShell"},
                                                  {".bat", "Windows"},
                                                  {".cmd", "Windows"},
                                                  {".ts", "a TypeScript runner"},
                                                  {".mts", "a TypeScript runner"}}};
constexpr auto kVendored = std::to_array<std::string_view>(
    {"node_modules", ".venv", "venv", "site-packages", "__pycache__"});

template <std::size_t N>
std::string_view by_suffix(const std::array<Interpreter, N>& list, std::string_view path) {
  const auto found = std::find_if(list.begin(), list.end(),
                                  [&](const auto& item) { return path.ends_with(item.suffix); });
  return found == list.end() ? std::string_view() : found->program;
}

bool is_vendored(std::string_view path) {
  const auto parts = split(path, '/');
  return std::any_of(parts.begin(), parts.end(), [](std::string_view part) {
    return std::find(kVendored.begin(), kVendored.end(), part) != kVendored.end();
  });
}

/// "#!/usr/bin/env -S python3 -u" gives "python3"; "#!/bin/sh" gives "sh".
std::string interpreter_of(std::string_view text) {
  if (!text.starts_with("#!")) return {};
  for (const std::string_view word : split(trim(text.substr(2, text.find('\n') - 2)), ' ')) {
    const std::string_view program = word.substr(word.rfind('/') + 1);
    const bool is_option = program.starts_with('-');
    if (program.empty() || program == "env" || is_option) continue;
    const bool plain = std::all_of(program.begin(), program.end(), [](unsigned char c) {
      return std::isalnum(c) || c == '.' || c == '-' || c == '_' || c == '+';
    });
    return plain ? std::string(program) : std::string();
  }
  return {};
}

/// A path that starts with "-" would be taken for an option.
std::string relative_word(const std::string& path) { return shell_quote("./" + path); }

}  // namespace

ScriptCommand command_of_script(const SkillFile& file, const SkillText* text) {
  if (is_vendored(file.path) || !file.link_target.empty()) return {};
  const bool in_scripts = file.path.starts_with("scripts/");
  // Copies from file systems without modes have x bits everywhere.
  const bool has_suffix =
      std::string_view(file.path).substr(file.path.rfind('/') + 1).find('.', 1) !=
      std::string_view::npos;
  const bool has_x_bit = (file.mode & 0111) != 0;
  if (!text) {
    // A program: an ELF file and its like.
    if (has_x_bit && by_suffix(kInterpreters, file.path).empty() && (in_scripts || !has_suffix))
      return {relative_word(file.path), ""};
    return {};
  }
  if (!text->executable || file.path.ends_with("/__init__.py")) return {};
  const std::string interpreter = interpreter_of(text->text);
  if (has_x_bit && !interpreter.empty()) return {relative_word(file.path), ""};
  if (!interpreter.empty()) return {interpreter + " " + relative_word(file.path), ""};
  if (const std::string_view program = by_suffix(kInterpreters, file.path); !program.empty())
    return {std::string(program) + " " + relative_word(file.path), ""};
  if (const std::string_view needs = by_suffix(kForeign, file.path); !needs.empty())
    return {"", "the script needs " + std::string(needs)};
  // Without a `#!` line, bash runs an executable text as a script of its own.
  if (has_x_bit && in_scripts) return {relative_word(file.path), ""};
  if (!in_scripts) return {};
  return {"", "the program for this file is unknown: it has no #! line"};
}

}  // namespace skillaudit
