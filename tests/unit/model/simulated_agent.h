#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/model/model.h"
#include "harness/model/tool_kinds.h"
#include "harness/skill/front_matter.h"
#include "tests/unit/model/captured.h"

namespace skillaudit {

/// Does a model's calls as an agent would, files read from a skill's folder and nothing executed,
/// and words what comes back as the agents do.
class SimulatedAgent {
 public:
  /// `agent` is "claude", "opencode", "codex" or "gemini".
  SimulatedAgent(std::string agent, std::filesystem::path host, std::string guest)
      : agent_(std::move(agent)), host_(std::move(host)), guest_(std::move(guest)) {
    const std::string name = host_.filename().string();
    std::string body = captured(agent_ + "-first");
    for (std::size_t at = 0; (at = body.find("hello-notes", at)) != std::string::npos;
         at += name.size())
      body.replace(at, 11, name);
    request_ = parse_request(endpoint_of(agent_ + "-first"), body);
  }

  /// What the model did, a line each: "skill NAME", "read PATH", "run COMMAND"; its last text.
  std::vector<std::string> run(Model& model) {
    std::vector<std::string> lines;
    for (int turn = 0; turn < 300; ++turn) {
      ModelReply reply = model.answer(request_);
      if (reply.calls.empty()) {
        lines.push_back(reply.text);
        break;
      }
      for (std::size_t i = 0; i < reply.calls.size(); ++i)
        reply.calls[i].id = "call_" + std::to_string(turn) + "_" + std::to_string(i);
      request_.messages.push_back({.role = Role::Assistant, .calls = reply.calls});
      request_.messages.emplace_back();
      for (const ToolCall& call : reply.calls) lines.push_back(line_of(call));
      for (const ToolCall& call : reply.calls) answer(call);
    }
    return lines;
  }

  ModelRequest& request() { return request_; }
  /// Answers a shell command; without one it says nothing.
  std::function<std::string(const std::string&)> shell;
  bool skill_tool_fails = false;

 private:
  static std::string line_of(const ToolCall& call) {
    if (const auto name = skill_name_of(call)) return "skill " + *name;
    if (const auto path = read_path_of(call)) return "read " + *path;
    if (const auto command = shell_command_of(call)) return "run " + *command;
    return call.name + " " + call.arguments.dump();
  }

  std::string content(const std::string& path) const {
    if (!path.starts_with(guest_ + "/")) return {};
    const std::filesystem::path file = host_ / path.substr(guest_.size() + 1);
    return std::filesystem::is_regular_file(file) ? read_file(file) : std::string();
  }

  std::string without_head(const std::string& text) const {
    std::string body;
    int number = 0;
    for (const std::string_view line : split(text, '\n'))
      if (++number > front_matter_lines(text)) body.append(line).append("\n");
    return body;
  }

  std::string numbered(const std::string& text) const {
    std::string result;
    int number = 0;
    for (const std::string_view line : split(text, '\n'))
      result += std::to_string(++number) + (agent_ == "opencode" ? ": " : "\t") +
                std::string(line) + "\n";
    if (agent_ == "opencode")
      return "<path>x</path>\n<type>file</type>\n<content>\n" + result +
             "\n(End of file - total lines)\n</content>";
    return result;
  }

  void answer(const ToolCall& call) {
    ChatMessage& message = request_.messages.back();
    ToolResult result{.call_id = call.id};
    if (skill_name_of(call)) {
      answer_skill(message, result);
    } else if (const auto path = read_path_of(call)) {
      const std::string text = content(*path);
      const bool plain = agent_ == "gemini" || agent_ == "codex";
      result.is_error = text.empty();
      result.text = text.empty() ? "no such file" : plain ? text : numbered(text);
      if (agent_ == "codex") result.text = codex(result.text);
    } else if (const auto command = shell_command_of(call)) {
      result.text = shell ? shell(*command) : agent_ == "codex" ? codex("") : "";
    }
    message.results.push_back(result);
  }

  void answer_skill(ChatMessage& message, ToolResult& result) const {
    const std::string body = without_head(read_file(host_ / "SKILL.md"));
    if (skill_tool_fails) {
      result.is_error = true;
      result.text = "ripgrep execution failed";
    } else if (agent_ == "claude") {
      result.text = "Launching skill: x";
      message.parts = {"Base directory for this skill: " + guest_ + "\n\n" + body};
      message.text = message.parts[0];
    } else if (agent_ == "gemini") {
      result.text = "<activated_skill name=\"x\">\n  <instructions>\n    " + body +
                    "\n  </instructions>\n\n  <available_resources>\n    SKILL.md\n"
                    "  </available_resources>\n</activated_skill>";
    } else {
      result.text = "<skill_content name=\"x\">\n# Skill: x\n\n" + body +
                    "\nBase directory for this skill: file://" + guest_ + "\n</skill_content>";
    }
  }

  static std::string codex(const std::string& output) {
    return "Chunk ID: 468dac\nWall time: 0.0000 seconds\nProcess exited with code 0\n"
           "Original token count: 6\nOutput:\n" +
           output;
  }

  std::string agent_;
  std::filesystem::path host_;
  std::string guest_;
  ModelRequest request_;
};

}  // namespace skillaudit
