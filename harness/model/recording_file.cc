#include <fmt/core.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/json_text.h"
#include "harness/base/text.h"
#include "harness/model/recording.h"
#include "harness/model/wire_json.h"

namespace skillaudit {
namespace {

using Json = nlohmann::ordered_json;
using wire::Place;

constexpr int kVersion = 1;

std::string redacted(std::string text, const Redactions& secrets) {
  for (const auto& [secret, placeholder] : secrets) {
    if (secret.empty()) continue;
    for (std::size_t at = text.find(secret); at != std::string::npos;
         at = text.find(secret, at + placeholder.size()))
      text.replace(at, secret.size(), placeholder);
  }
  return text;
}

/// Every text and every key, wherever it stands.
Json redacted_json(const nlohmann::json& value, const Redactions& secrets) {
  if (value.is_string()) return redacted(value.get<std::string>(), secrets);
  if (value.is_array()) {
    Json list = Json::array();
    for (const nlohmann::json& item : value) list.push_back(redacted_json(item, secrets));
    return list;
  }
  if (!value.is_object()) return Json(value);
  Json object = Json::object();
  for (const auto& [key, item] : value.items())
    object[redacted(key, secrets)] = redacted_json(item, secrets);
  return object;
}

Json message_json(const ChatMessage& message, const Redactions& secrets) {
  Json json = {{"role", name_of(message.role)}};
  for (const std::string& part : message.parts)
    json["texts"].push_back(redacted(as_utf8(part), secrets));
  for (const ToolResult& result : message.results)
    json["results"].push_back(
        {{"text", redacted(as_utf8(result.text), secrets)}, {"error", result.is_error}});
  return json;
}

Json reply_json(const ModelReply& reply, const Redactions& secrets) {
  Json json = {{"status", reply.status}};
  const auto add = [&](const char* key, const std::string& text) {
    if (!text.empty()) json[key] = redacted(as_utf8(text), secrets);
  };
  add("text", reply.text);
  for (const ToolCall& call : reply.calls)
    json["calls"].push_back({{"tool", redacted(as_utf8(call.name), secrets)},
                             {"input", redacted_json(call.arguments, secrets)}});
  if (reply.usage) json["usage"] = {{"input", reply.usage->input}, {"output", reply.usage->output}};
  add("stop_reason", reply.stop_reason);
  add("error_type", reply.error_type);
  add("error_message", reply.error_message);
  if (reply.retry_after_s) json["retry_after"] = *reply.retry_after_s;
  if (reply.raw) json["raw"] = redacted(as_utf8(*reply.raw), secrets);
  return json;
}

ChatMessage read_message(const Place& place) {
  ChatMessage message;
  if (const std::string role = place["role"].text(); role != "user") place["role"].refuse("user");
  for (const Place& text : place["texts"].items()) wire::add_part(message, text.text());
  for (const Place& result : place["results"].items())
    message.results.push_back({.text = result["text"].text(), .is_error = result["error"].truth()});
  return message;
}

ModelReply read_reply(const Place& place) {
  ModelReply reply;
  reply.status = static_cast<int>(std::min<std::uint64_t>(place["status"].count(), 1000));
  if (reply.status < 100 || reply.status > 599) place["status"].refuse("an HTTP status");
  reply.text = place["text"].text_or_empty();
  for (const Place& call : place["calls"].items())
    reply.calls.push_back({.name = call["tool"].text(), .arguments = call["input"].value()});
  if (const Place usage = place["usage"]; usage.is_object())
    reply.usage = {.input = usage["input"].count(), .output = usage["output"].count()};
  reply.stop_reason = place["stop_reason"].text_or_empty();
  reply.error_type = place["error_type"].text_or_empty();
  reply.error_message = place["error_message"].text_or_empty();
  if (const Place after = place["retry_after"]; !after.is_null())
    reply.retry_after_s = static_cast<int>(std::min<std::uint64_t>(after.count(), 86'400));
  if (const Place raw = place["raw"]; !raw.is_null()) reply.raw = raw.text();
  return reply;
}

RecordedExchange read_exchange(const Place& place) {
  RecordedExchange exchange;
  const Place request = place["request"];
  const std::optional<ModelApi> api = model_api_named(request["api"].text());
  if (!api) request["api"].refuse("an API's name, such as anthropic-messages");
  exchange.api = *api;
  exchange.model = request["model"].text();
  for (const Place& message : request["messages"].items())
    exchange.messages.push_back(read_message(message));
  for (const Place& tool : request["tools"].items()) exchange.tools.push_back(tool.text());
  exchange.reply = read_reply(place["reply"]);
  return exchange;
}

Recording read_recording(const nlohmann::json& json) {
  const Place root(json, "");
  if (root["version"].count() != kVersion)
    root["version"].refuse(fmt::format("{}, the one that this skillaudit reads", kVersion));
  Recording recording{.agent = root["agent"].text(),
                      .agent_version = root["agent_version"].text(),
                      .skill = root["skill"].text()};
  const Place exchanges = root["exchanges"];
  if (!exchanges.is_array()) exchanges.refuse("a list");
  for (const Place& exchange : exchanges.items())
    recording.exchanges.push_back(read_exchange(exchange));
  return recording;
}

}  // namespace

void write_recording(const std::filesystem::path& path, const Recording& recording,
                     const Redactions& secrets) {
  Redactions longest_first = secrets;
  std::stable_sort(longest_first.begin(), longest_first.end(),
                   [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
  Json exchanges = Json::array();
  for (const RecordedExchange& exchange : recording.exchanges) {
    Json messages = Json::array();
    for (const ChatMessage& message : exchange.messages)
      messages.push_back(message_json(message, longest_first));
    Json request = {{"api", name_of(exchange.api)}, {"model", exchange.model}};
    request["messages"] = std::move(messages);
    request["tools"] = exchange.tools;
    Json both = Json::object();
    both["request"] = std::move(request);
    both["reply"] = reply_json(exchange.reply, longest_first);
    exchanges.push_back(std::move(both));
  }
  Json json = {{"version", recording.version},
               {"agent", recording.agent},
               {"agent_version", recording.agent_version},
               {"skill", recording.skill}};
  json["exchanges"] = std::move(exchanges);
  write_file(path, json_text(json, 1) + "\n");
}

Recording load_recording(const std::filesystem::path& path) {
  try {
    const std::string text = read_file(path, kMostModelBytes);
    return read_recording(wire::parse_json(text, "the file"));
  } catch (const Error& error) {
    fail(ErrorKind::Usage, "the recording {}: {}", path.string(), error.what());
  }
}

}  // namespace skillaudit
