#include <fmt/core.h>

#include <charconv>
#include <cmath>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/model/script.h"
#include "harness/skill/yaml_source.h"

namespace skillaudit {
namespace {

using nlohmann::json;

constexpr std::size_t kMaximumText = 4 << 20;
constexpr int kDeepestInput = 32;

[[noreturn]] void refuse(const YamlSource& source, const YAML::Node& node, const std::string& why) {
  fail(ErrorKind::Usage, "{}: {}", position(source, node.Mark()), why);
}

std::uint64_t number_of(const YamlSource& source, const YAML::Node& node, const char* what,
                        std::uint64_t least, std::uint64_t most) {
  const std::string text = text_of(source, node, fmt::format("`{}`", what));
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < least || number > most)
    refuse(source, node,
           fmt::format("`{}` is `{}`: give a whole number from {} to {}", what, printable(text),
                       least, most));
  return number;
}

bool truth_of(const YamlSource& source, const YAML::Node& node, const char* what) {
  const std::string text = text_of(source, node, fmt::format("`{}`", what));
  if (text != "true" && text != "false")
    refuse(source, node, fmt::format("`{}` is `{}`: give true or false", what, printable(text)));
  return text == "true";
}

TextPattern pattern_of(const YamlSource& source, const YAML::Node& node, const char* what) {
  const std::string text = text_of(source, node, fmt::format("`{}`", what));
  try {
    return TextPattern(text);
  } catch (const Error& error) {
    refuse(source, node, fmt::format("`{}`: {}", what, error.what()));
  }
}

ModelApi api_of(const YamlSource& source, const YAML::Node& node) {
  const std::string text = text_of(source, node, "`api`");
  if (const std::optional<ModelApi> api = model_api_named(text)) return *api;
  const std::string near =
      nearest(text, {"anthropic-messages", "openai-responses", "openai-chat", "gemini"});
  refuse(
      source, node,
      fmt::format("unknown API `{}`: {}", printable(text),
                  near.empty() ? "use anthropic-messages, openai-responses, openai-chat or gemini"
                               : "did you mean `" + near + "`?"));
}

ScriptCondition condition_of(const YamlSource& source, const YAML::Node& node) {
  expect_keys(source, node, "`when`",
              {"turn", "sent", "result", "error", "tool", "api", "housekeeping"});
  ScriptCondition when;
  if (const YAML::Node turn = node["turn"])
    when.turn = number_of(source, turn, "turn", 1, 1'000'000);
  if (const YAML::Node sent = node["sent"]) when.sent = pattern_of(source, sent, "sent");
  if (const YAML::Node result = node["result"]) when.result = pattern_of(source, result, "result");
  if (const YAML::Node error = node["error"]) when.error = truth_of(source, error, "error");
  if (const YAML::Node tool = node["tool"]) when.tool = text_of(source, tool, "`tool`");
  if (const YAML::Node api = node["api"]) when.api = api_of(source, api);
  if (const YAML::Node own = node["housekeeping"])
    when.housekeeping = truth_of(source, own, "housekeeping");
  return when;
}

/// A plain scalar is what YAML 1.2's core schema says; one in quotes is text.
json scalar_of(const YAML::Node& node) {
  const std::string& text = node.Scalar();
  if (node.Tag() == "!") return text;
  if (text == "true" || text == "false") return text == "true";
  if (text.empty() || text == "~" || text == "null") return nullptr;
  const char* end = text.data() + text.size();
  std::int64_t integer = 0;
  if (const auto read = std::from_chars(text.data(), end, integer);
      read.ec == std::errc() && read.ptr == end)
    return integer;
  double number = 0;
  const auto read = std::from_chars(text.data(), end, number);
  const bool digits = text.find_first_of("0123456789") != std::string::npos;
  if (read.ec == std::errc() && read.ptr == end && digits && std::isfinite(number)) return number;
  return text;
}

json json_of(const YamlSource& source, const YAML::Node& node, int depth = 0) {
  if (depth > kDeepestInput) refuse(source, node, "`input` is nested too deeply: flatten it");
  if (node.IsScalar()) return scalar_of(node);
  if (node.IsSequence()) {
    json list = json::array();
    for (const auto& item : node) list.push_back(json_of(source, item, depth + 1));
    return list;
  }
  if (!node.IsMap()) return nullptr;
  json object = json::object();
  (void)keys_of(source, node, "a map of `input`");
  for (const auto& entry : node)
    object[entry.first.Scalar()] = json_of(source, entry.second, depth + 1);
  return object;
}

ScriptCall call_of(const YamlSource& source, const YAML::Node& node) {
  expect_keys(source, node, "a call", {"shell", "read", "skill", "tool", "input"});
  std::vector<ScriptCall> found;
  const auto add = [&](const char* key, ScriptCall::Kind kind) {
    const YAML::Node value = node[key];
    if (!value) return;
    found.push_back({.kind = kind, .what = text_of(source, value, fmt::format("`{}`", key))});
    if (trim(found.back().what).empty())
      refuse(source, value, fmt::format("`{}` is empty: fill it in", key));
  };
  add("shell", ScriptCall::Kind::Shell);
  add("read", ScriptCall::Kind::Read);
  add("skill", ScriptCall::Kind::Skill);
  add("tool", ScriptCall::Kind::Tool);
  if (found.size() != 1)
    refuse(source, node, "a call is one of `shell`, `read`, `skill` and `tool`: give one of them");
  const YAML::Node input = node["input"];
  if (input && found[0].kind != ScriptCall::Kind::Tool)
    refuse(source, input, "only a `tool` has an `input`: remove it");
  found[0].input = input ? json_of(source, input) : json::object();
  if (!found[0].input.is_object())
    refuse(source, input, "`input` must be a map of the tool's arguments");
  return found[0];
}

void read_error(const YamlSource& source, const YAML::Node& node, ModelReply& reply) {
  expect_keys(source, node, "`error`", {"status", "type", "message", "retry_after"});
  const YAML::Node status = node["status"];
  if (!status) refuse(source, node, "`error` has no `status`: add the HTTP status, such as 529");
  reply.status = static_cast<int>(number_of(source, status, "status", 400, 599));
  if (const YAML::Node type = node["type"]) reply.error_type = text_of(source, type, "`type`");
  if (const YAML::Node message = node["message"])
    reply.error_message = text_of(source, message, "`message`");
  if (const YAML::Node after = node["retry_after"])
    reply.retry_after_s = static_cast<int>(number_of(source, after, "retry_after", 0, 86'400));
}

void read_reply(const YamlSource& source, const YAML::Node& node, ScriptStep& step) {
  expect_keys(source, node, "`reply`", {"text", "calls", "error", "raw"});
  const YAML::Node text = node["text"], calls = node["calls"], error = node["error"],
                   raw = node["raw"];
  if (error && (text || calls || raw))
    refuse(source, error, "an `error` is the whole reply: remove the other keys");
  if (raw && (text || calls))
    refuse(source, raw, "`raw` is the whole reply: remove the other keys");
  if (!text && !calls && !error && !raw)
    refuse(source, node, "`reply` is empty: give it `text`, `calls`, `error` or `raw`");
  if (text) step.reply.text = text_of(source, text, "`text`");
  if (raw) step.reply.raw = text_of(source, raw, "`raw`");
  if (error) read_error(source, error, step.reply);
  if (!calls) return;
  if (!calls.IsSequence())
    refuse(source, calls,
           "`calls` must be a list, each item such as `- shell: ls`, but it is " + kind_of(calls));
  for (const auto& call : calls) step.calls.push_back(call_of(source, call));
}

ScriptStep step_of(const YamlSource& source, const YAML::Node& node) {
  expect_keys(source, node, "a step", {"when", "times", "reply"});
  ScriptStep step{.line = source.first_line + node.Mark().line};
  if (const YAML::Node when = node["when"]) step.when = condition_of(source, when);
  if (const YAML::Node times = node["times"]) {
    if (times.IsScalar() && times.Scalar() == "any")
      step.times.reset();
    else
      step.times = number_of(source, times, "times", 1, 1'000'000);
  }
  const YAML::Node reply = node["reply"];
  if (!reply) refuse(source, node, "the step has no `reply`: add one");
  read_reply(source, reply, step);
  return step;
}

ModelScript parse(const YamlSource& source, std::string_view text) {
  const YAML::Node root = parse_yaml(source, text);
  if (!root.IsDefined() || root.IsNull())
    fail(ErrorKind::Usage, "{}:1:1: the file is empty: give it `steps`", source.file);
  expect_keys(source, root, "the script", {"steps"});
  const YAML::Node steps = root["steps"];
  if (!steps || !steps.IsSequence() || steps.size() == 0)
    refuse(source, root, "`steps` must be a list with a step in it");
  ModelScript script{.file = source.file};
  for (const auto& step : steps) script.steps.push_back(step_of(source, step));
  return script;
}

}  // namespace

ModelScript parse_model_script(const std::string& file, std::string_view text) {
  if (text.size() > kMaximumText)
    fail(ErrorKind::Usage, "{}:1:1: the file has {}, the limit is {}: shorten it", file,
         human_bytes(text.size()), human_bytes(kMaximumText));
  try {
    return parse({file, 1}, text);
  } catch (const Error& error) {
    // yaml_source.h was written for skills; here the user's own file is wrong.
    if (error.kind() != ErrorKind::Skill) throw;
    throw Error(ErrorKind::Usage, error.what());
  }
}

ModelScript load_model_script(const std::filesystem::path& path) {
  std::string text;
  try {
    text = read_file(path, kMaximumText);
  } catch (const Error& error) {
    fail(ErrorKind::Usage, "the model script: {}", error.what());
  }
  return parse_model_script(path.string(), text);
}

}  // namespace skillaudit
