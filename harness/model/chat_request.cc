// https://platform.openai.com/docs/api-reference/chat/create
#include <algorithm>
#include <cctype>

#include "harness/base/json_text.h"
#include "harness/model/endpoint_model.h"

namespace skillaudit {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestName = 64;

/// "NAMESPACE.NAME" is none that the format allows.
std::string plain_name(const std::string& name, std::map<std::string, std::string>& names) {
  std::string plain = name.substr(0, kLongestName);
  std::replace_if(
      plain.begin(), plain.end(),
      [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_' && c != '-';
      },
      '_');
  if (plain != name) names[plain] = name;
  return plain;
}

/// The schema of a tool's arguments; null for a tool that only the agent's own host can run.
json parameters_of(const OfferedTool& tool) {
  if (tool.type == "custom")
    return {{"type", "object"},
            {"properties", {{"input", {{"type", "string"}}}}},
            {"required", json::array({"input"})}};
  if (tool.type == "local_shell")
    return {{"type", "object"},
            {"properties", {{"command", {{"type", "array"}, {"items", {{"type", "string"}}}}}}},
            {"required", json::array({"command"})}};
  if (tool.type != "function") return nullptr;
  return tool.parameters.is_object() ? tool.parameters
                                     : json{{"type", "object"}, {"properties", json::object()}};
}

json calls_of(const ChatMessage& message, std::map<std::string, std::string>& names) {
  json calls = json::array();
  for (const ToolCall& call : message.calls)
    calls.push_back({{"id", call.id},
                     {"type", "function"},
                     {"function",
                      {{"name", plain_name(call.name, names)},
                       {"arguments", json_text(call.arguments.is_object() ? call.arguments
                                                                          : json::object())}}}});
  return calls;
}

void add_message(const ChatMessage& message, std::map<std::string, std::string>& names,
                 json& messages) {
  for (const ToolResult& result : message.results)
    messages.push_back(
        {{"role", "tool"}, {"tool_call_id", result.call_id}, {"content", result.text}});
  if (message.text.empty() && message.calls.empty()) return;
  json written = {{"role", name_of(message.role)}, {"content", message.text}};
  if (!message.calls.empty()) written["tool_calls"] = calls_of(message, names);
  messages.push_back(std::move(written));
}

}  // namespace

json chat_request(const ModelRequest& request, const std::string& model,
                  std::map<std::string, std::string>& names) {
  json messages = json::array();
  for (const ChatMessage& message : request.messages) add_message(message, names, messages);
  json body = {{"model", model}, {"messages", std::move(messages)}, {"stream", false}};
  for (const OfferedTool& tool : request.tools) {
    json parameters = parameters_of(tool);
    if (parameters.is_null()) continue;
    json function = {{"name", plain_name(tool.name, names)}, {"parameters", std::move(parameters)}};
    if (!tool.description.empty()) function["description"] = tool.description;
    body["tools"].push_back({{"type", "function"}, {"function", std::move(function)}});
  }
  if (request.response_schema.is_object())
    body["response_format"] = {
        {"type", "json_schema"},
        {"json_schema", {{"name", "answer"}, {"schema", request.response_schema}}}};
  return body;
}

}  // namespace skillaudit
