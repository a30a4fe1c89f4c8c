#include "harness/model/tool_kinds.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <charconv>

#include "harness/agents/agent.h"
#include "harness/base/json_text.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

using nlohmann::json;

/// The tools of one kind that any of the agents offers.
std::vector<AgentTool> tools_of_kind(std::vector<AgentTool> AgentTools::*kind) {
  std::vector<AgentTool> tools;
  for (const Agent& agent : known_agents()) {
    const std::vector<AgentTool>& own = agent.tools.*kind;
    tools.insert(tools.end(), own.begin(), own.end());
  }
  return tools;
}
const std::vector<AgentTool>& shells() {
  static const std::vector<AgentTool> tools = tools_of_kind(&AgentTools::shell);
  return tools;
}
const std::vector<AgentTool>& readers() {
  static const std::vector<AgentTool> tools = tools_of_kind(&AgentTools::read);
  return tools;
}
const std::vector<AgentTool>& skill_tools() {
  static const std::vector<AgentTool> tools = tools_of_kind(&AgentTools::skill);
  return tools;
}

// The longest that agents allow; a slow guest needs more than the two minutes that are the default.
constexpr int kTimeLimitMs = 600'000;
constexpr int kYieldMs = 30'000;  // exec_command's longest

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

std::optional<Found> find_tool(const std::vector<OfferedTool>& tools,
                               const std::vector<AgentTool>& kind) {
  for (const AgentTool& known : kind)
    for (const OfferedTool& tool : tools) {
      if (tool.name != known.name) continue;
      const json& properties = properties_of(tool);
      for (const std::string& argument : known.arguments)
        if (properties.contains(argument)) return Found{&tool, argument};
      return Found{&tool, known.arguments.front()};
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
std::optional<std::string> argument_of(const ToolCall& call, const std::vector<AgentTool>& kind) {
  for (const AgentTool& known : kind) {
    if (call.name != known.name || !call.arguments.is_object()) continue;
    for (const std::string& argument : known.arguments) {
      const auto found = call.arguments.find(argument);
      if (found != call.arguments.end() && found->is_string()) return found->get<std::string>();
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

/// An agent may drop a `cd` to where it already is from the call that it keeps.
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
  const std::optional<Found> found = find_tool(tools, shells());
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
  if (const std::optional<Found> found = find_tool(tools, readers()))
    return ToolCall{.name = found->tool->name, .arguments = {{found->argument, path}}};
  return shell_call(tools, "cat " + shell_word(path));
}

std::optional<ToolCall> skill_call(const std::vector<OfferedTool>& tools, std::string_view name) {
  const std::optional<Found> found = find_tool(tools, skill_tools());
  if (!found) return std::nullopt;
  return ToolCall{.name = found->tool->name, .arguments = {{found->argument, name}}};
}

std::optional<ToolCall> wait_call(const std::vector<OfferedTool>& tools, std::string_view result) {
  for (const Agent& agent : known_agents()) {
    const AgentWait& wait = agent.tools.wait;
    const std::size_t at = wait.mark.empty() ? result.npos : result.find(wait.mark);
    // Before what the command itself wrote.
    if (at == result.npos || at > result.find(wait.end_of_head)) continue;
    int session = 0;
    const std::string_view number = result.substr(at + wait.mark.size());
    if (std::from_chars(number.data(), number.data() + number.size(), session).ec != std::errc())
      continue;
    for (const OfferedTool& tool : tools) {
      if (tool.name != wait.tool) continue;
      json arguments = parse_json(wait.others);
      arguments[wait.argument] = session;
      return ToolCall{.name = tool.name, .arguments = std::move(arguments)};
    }
  }
  return std::nullopt;
}

std::optional<std::string> shell_command_of(const ToolCall& call) {
  if (std::optional<std::string> text = argument_of(call, shells())) return text;
  const bool shell = std::any_of(shells().begin(), shells().end(),
                                 [&](const AgentTool& known) { return known.name == call.name; });
  if (!shell || !call.arguments.is_object()) return std::nullopt;
  const auto words = call.arguments.find("command");
  if (words == call.arguments.end() || !words->is_array()) return std::nullopt;
  return command_of_words(*words);
}

std::optional<std::string> read_path_of(const ToolCall& call) {
  if (std::optional<std::string> path = argument_of(call, readers())) return path;
  const std::optional<std::string> command = shell_command_of(call);
  return command ? path_of_cat(*command) : std::nullopt;
}

std::optional<std::string> skill_name_of(const ToolCall& call) {
  return argument_of(call, skill_tools());
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
