#include "harness/model/tool_kinds.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <span>

#include "harness/base/text.h"

namespace skillaudit {
namespace {

using nlohmann::json;

/// A tool's name and those of its argument, the likeliest first.
struct Kind {
  std::string_view tool;
  std::array<std::string_view, 3> arguments;
};
constexpr auto kShells = std::to_array<Kind>({{"Bash", {"command"}},
                                              {"bash", {"command"}},
                                              {"exec_command", {"cmd", "command"}},
                                              {"shell_command", {"command"}},
                                              {"shell", {"command"}},
                                              {"local_shell", {"command"}},
                                              {"run_shell_command", {"command"}}});
constexpr auto kReaders =
    std::to_array<Kind>({{"Read", {"file_path"}},
                         {"read", {"filePath", "file_path"}},
                         {"read_file", {"absolute_path", "file_path", "path"}}});
constexpr auto kSkills = std::to_array<Kind>({{"Skill", {"skill", "command", "name"}},
                                              {"skill", {"name", "skill"}},
                                              {"activate_skill", {"name"}}});

// Claude Code's longest; a slow guest needs more than the two minutes that are the default.
constexpr int kTimeLimitMs = 600'000;
constexpr int kYieldMs = 30'000;  // exec_command's longest
constexpr int kPollMs = 300'000;  // write_stdin's longest

/// The schema's properties, or an empty object: what an agent sent may be anything.
const json& properties_of(const OfferedTool& tool) {
  static const json kNone = json::object();
  if (!tool.parameters.is_object()) return kNone;
  const auto found = tool.parameters.find("properties");
  return found != tool.parameters.end() && found->is_object() ? *found : kNone;
}

bool is_list(const json& schema) {
  const auto type = schema.is_object() ? schema.find("type") : schema.end();
  if (!schema.is_object() || type == schema.end() || !type->is_string()) return false;
  return *type == "array" || *type == "ARRAY";
}

struct Found {
  const OfferedTool* tool;
  std::string argument;
};

std::optional<Found> find_tool(const std::vector<OfferedTool>& tools, std::span<const Kind> kinds) {
  for (const Kind& kind : kinds)
    for (const OfferedTool& tool : tools) {
      if (tool.name != kind.tool) continue;
      const json& properties = properties_of(tool);
      for (const std::string_view argument : kind.arguments)
        if (!argument.empty() && properties.contains(std::string(argument)))
          return Found{&tool, std::string(argument)};
      return Found{&tool, std::string(kind.arguments[0])};
    }
  return std::nullopt;
}

/// Nothing that would end or join the command where another one stands before it.
bool is_simple(std::string_view command) {
  return command.find_first_of("\n;|&#") == std::string_view::npos;
}

std::string in_folder(std::string_view command, std::string_view folder) {
  while (command.ends_with('\n')) command.remove_suffix(1);
  if (folder.empty()) return std::string(command);
  return is_simple(command) ? fmt::format("cd {} && {}", shell_word(folder), command)
                            : fmt::format("cd {} && {{\n{}\n}}", shell_word(folder), command);
}

/// The text argument of a call of one of the kinds.
std::optional<std::string> argument_of(const ToolCall& call, std::span<const Kind> kinds) {
  for (const Kind& kind : kinds) {
    if (call.name != kind.tool || !call.arguments.is_object()) continue;
    for (const std::string_view argument : kind.arguments) {
      const auto found = call.arguments.find(std::string(argument));
      if (argument.empty() || found == call.arguments.end()) continue;
      if (found->is_string()) return found->get<std::string>();
    }
  }
  return std::nullopt;
}

/// ["bash", "-lc", "ls"] is "ls"; the words of any other list, quoted.
std::optional<std::string> command_of_words(const json& words) {
  std::vector<std::string> list;
  for (const json& word : words) {
    if (!word.is_string()) return std::nullopt;
    list.push_back(word.get<std::string>());
  }
  const bool shell = list.size() == 3 && (list[0].ends_with("bash") || list[0].ends_with("sh")) &&
                     (list[1] == "-lc" || list[1] == "-c");
  if (shell) return list[2];
  for (std::string& word : list) word = shell_word(word);
  return join(list, " ");
}

/// The path of "cat PATH", with or without single quotes.
std::optional<std::string> path_of_cat(std::string_view command) {
  constexpr std::string_view kCat = "cat ";
  command = trim(command);
  if (!command.starts_with(kCat)) return std::nullopt;
  std::string_view word = trim(command.substr(kCat.size()));
  if (word.size() >= 2 && word.front() == '\'' && word.back() == '\'') {
    word = word.substr(1, word.size() - 2);
    if (word.find('\'') != std::string_view::npos) return std::nullopt;
    return std::string(word);
  }
  if (word.empty() || word.front() == '-' ||
      word.find_first_of(" \t\n'\"\\;|&<>$`(){}*?#") != std::string_view::npos)
    return std::nullopt;
  return std::string(word);
}

/// Claude Code drops a `cd` to where it already is from the call that it keeps.
std::string_view without_cd(std::string_view command) {
  const std::size_t end = command.find(" && ");
  return command.starts_with("cd ") && end < command.find('\n') ? command.substr(end + 4) : command;
}

std::string describe(std::string_view command) {
  const std::string_view line = command.substr(0, command.find('\n'));
  return "Run " + shorten(line, 60);
}

}  // namespace

std::string shell_word(std::string_view word) {
  const bool plain = !word.empty() && std::all_of(word.begin(), word.end(), [](unsigned char c) {
    return std::isalnum(c) ||
           std::string_view("_-./:=@%+,~").find(static_cast<char>(c)) != std::string_view::npos;
  });
  return plain ? std::string(word) : shell_quote(word);
}

std::optional<ToolCall> shell_call(const std::vector<OfferedTool>& tools, std::string_view command,
                                   std::string_view folder) {
  const std::optional<Found> found = find_tool(tools, kShells);
  if (!found) return std::nullopt;
  const json& properties = properties_of(*found->tool);
  json arguments = json::object();
  std::string text;
  if (properties.contains("workdir")) {
    text = in_folder(command, {});
    if (!folder.empty()) arguments["workdir"] = folder;
  } else if (found->tool->type == "local_shell" && !folder.empty()) {
    text = in_folder(command, {});
    arguments["working_directory"] = folder;
  } else {
    text = in_folder(command, folder);
  }
  const auto schema = properties.find(found->argument);
  const bool words = found->tool->type == "local_shell" || found->tool->name == "local_shell" ||
                     (schema != properties.end() && is_list(*schema));
  if (words)
    arguments[found->argument] = json::array({"bash", "-lc", text});
  else
    arguments[found->argument] = text;
  if (properties.contains("description")) arguments["description"] = describe(command);
  for (const char* limit : {"timeout", "timeout_ms"})
    if (properties.contains(limit)) arguments[limit] = kTimeLimitMs;
  if (properties.contains("yield_time_ms")) arguments["yield_time_ms"] = kYieldMs;
  return ToolCall{.name = found->tool->name, .arguments = std::move(arguments)};
}

std::optional<ToolCall> read_call(const std::vector<OfferedTool>& tools, std::string_view path) {
  if (const std::optional<Found> found = find_tool(tools, kReaders))
    return ToolCall{.name = found->tool->name, .arguments = {{found->argument, path}}};
  return shell_call(tools, "cat " + shell_word(path));
}

std::optional<ToolCall> skill_call(const std::vector<OfferedTool>& tools, std::string_view name) {
  const std::optional<Found> found = find_tool(tools, kSkills);
  if (!found) return std::nullopt;
  return ToolCall{.name = found->tool->name, .arguments = {{found->argument, name}}};
}

std::optional<ToolCall> wait_call(const std::vector<OfferedTool>& tools, std::string_view result) {
  constexpr std::string_view kMark = "Process running with session ID ";
  const std::size_t at = result.find(kMark);
  // Before what the command itself wrote.
  if (at == std::string_view::npos || at > result.find("\nOutput:\n")) return std::nullopt;
  int session = 0;
  const std::string_view number = result.substr(at + kMark.size());
  if (std::from_chars(number.data(), number.data() + number.size(), session).ec != std::errc())
    return std::nullopt;
  for (const OfferedTool& tool : tools)
    if (tool.name == "write_stdin")
      return ToolCall{
          .name = tool.name,
          .arguments = {{"session_id", session}, {"chars", ""}, {"yield_time_ms", kPollMs}}};
  return std::nullopt;
}

std::optional<std::string> shell_command_of(const ToolCall& call) {
  if (std::optional<std::string> text = argument_of(call, kShells)) return text;
  const bool shell = std::any_of(kShells.begin(), kShells.end(),
                                 [&](const Kind& kind) { return kind.tool == call.name; });
  if (!shell || !call.arguments.is_object()) return std::nullopt;
  const auto words = call.arguments.find("command");
  if (words == call.arguments.end() || !words->is_array()) return std::nullopt;
  return command_of_words(*words);
}

std::optional<std::string> read_path_of(const ToolCall& call) {
  if (std::optional<std::string> path = argument_of(call, kReaders)) return path;
  const std::optional<std::string> command = shell_command_of(call);
  return command ? path_of_cat(*command) : std::nullopt;
}

std::optional<std::string> skill_name_of(const ToolCall& call) {
  return argument_of(call, kSkills);
}

bool same_action(const ToolCall& one, const ToolCall& other) {
  if (one.name != other.name) return false;
  if (const auto command = shell_command_of(one)) {
    const auto theirs = shell_command_of(other);
    return theirs && without_cd(*command) == without_cd(*theirs);
  }
  if (const auto path = read_path_of(one)) return path == read_path_of(other);
  if (const auto skill = skill_name_of(one)) return skill == skill_name_of(other);
  return one.arguments == other.arguments;
}

}  // namespace skillaudit
