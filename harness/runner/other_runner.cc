#include "harness/runner/other_runner.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "harness/base/text.h"

namespace skillaudit {
namespace {

struct Runner {
  std::string_view program;
  bool needs_run;  ///< only `program run FILE` runs a file
  std::string_view suffix;
  std::string_view instead;
};
constexpr auto kRunners = std::to_array<Runner>({{"uv", true, ".py", "python3"},
                                                 {"poetry", true, ".py", "python3"},
                                                 {"pipenv", true, ".py", "python3"},
                                                 {"pdm", true, ".py", "python3"},
                                                 {"bun", false, ".js", "node"},
                                                 {"bun", false, ".mjs", "node"},
                                                 {"deno", true, ".js", "node"},
                                                 {"deno", true, ".mjs", "node"}});
/// Options of these runners that take a value.
constexpr auto kWithValue =
    std::to_array<std::string_view>({"--with", "--python", "-p", "--project", "--directory"});

bool says_missing(std::string_view said, std::string_view program) {
  for (const std::string_view how : {": command not found", ": not found"})
    if (said.find(std::string(program) + std::string(how)) != std::string_view::npos) return true;
  return false;
}

constexpr std::string_view kBlanks = " \t";
constexpr std::string_view kOperators = "\n;|&()";

/// The word of a shell command at `at`, blanks before it skipped; empty at the command's end.
std::string_view next_word(std::string_view command, std::size_t& at) {
  at = std::min(command.find_first_not_of(kBlanks, at), command.size());
  if (at == command.size() || kOperators.find(command[at]) != std::string_view::npos) return {};
  std::size_t end = command.find_first_of(" \t\n;|&()", at);
  end = std::min(end, command.size());
  return command.substr(at, end - at);
}

std::string_view unquoted(std::string_view word) {
  while (!word.empty() && (word.front() == '"' || word.front() == '\'')) word.remove_prefix(1);
  while (!word.empty() && (word.back() == '"' || word.back() == '\'')) word.remove_suffix(1);
  return word;
}

/// Where the words of the runner, which ends at `at`, and its options end and the file begins.
std::size_t file_after(std::string_view command, std::size_t at, const Runner& runner) {
  constexpr std::size_t kNone = std::string_view::npos;
  std::string_view word = next_word(command, at);
  const auto advance = [&] {
    at += word.size();
    word = next_word(command, at);
  };
  if (word == "run")
    advance();
  else if (runner.needs_run)
    return kNone;
  while (word.starts_with('-')) {
    const bool has_value =
        std::find(kWithValue.begin(), kWithValue.end(), word) != kWithValue.end();
    advance();
    if (has_value) advance();
  }
  if (word == "python" || word == "python3") advance();
  return unquoted(word).ends_with(runner.suffix) ? at : kNone;
}

bool starts_command(std::string_view command, std::size_t at) {
  const std::size_t before =
      at == 0 ? std::string_view::npos : command.find_last_not_of(kBlanks, at - 1);
  return before == std::string_view::npos ||
         kOperators.find(command[before]) != std::string_view::npos;
}

}  // namespace

namespace {

/// Programs that lack the bit by which a shell would start them, with their interpreter: "bash:
/// line 1: /skill/scripts/x.py: Permission denied".
void start_by_interpreter(std::string_view said, std::string& command) {
  struct Interpreter {
    std::string_view suffix;
    std::string_view program;
  };
  static constexpr auto kInterpreters = std::to_array<Interpreter>(
      {{".py", "python3 "}, {".sh", "bash "}, {".js", "node "}, {".mjs", "node "}});
  constexpr std::string_view kDenied = ": Permission denied";
  for (const std::string_view line : split(said, '\n')) {
    const std::size_t end = line.find(kDenied);
    if (end == std::string_view::npos) continue;
    const std::size_t colon = line.substr(0, end).rfind(": ");
    if (colon == std::string_view::npos) continue;
    const std::string path(line.substr(colon + 2, end - colon - 2));
    for (const Interpreter& each : kInterpreters) {
      if (!path.ends_with(each.suffix)) continue;
      for (std::size_t at = command.find(path); at != std::string::npos;
           at = command.find(path, at + each.program.size() + path.size()))
        if (starts_command(command, at)) command.insert(at, each.program);
    }
  }
}

}  // namespace

std::optional<PlannedStep> with_other_runner(const PlannedStep& planned, const Step& step) {
  std::string command = planned.command;
  if (step.exit_code == 126) start_by_interpreter(step.err, command);
  for (const Runner& runner : kRunners) {
    if (!says_missing(step.err, runner.program)) continue;
    const std::string word = std::string(runner.program) + " ";
    for (std::size_t at = command.find(word); at != std::string::npos;
         at = command.find(word, at + 1)) {
      const std::size_t file = starts_command(command, at)
                                   ? file_after(command, at + word.size(), runner)
                                   : std::string::npos;
      if (file != std::string::npos)
        command.replace(at, file - at, std::string(runner.instead) + " ");
    }
  }
  if (command == planned.command) return std::nullopt;
  PlannedStep again = planned;
  again.command = std::move(command);
  again.name += " without its runner";
  again.tentative = true;
  return again;
}

}  // namespace skillaudit
