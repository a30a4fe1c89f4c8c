#pragma once

#include <fmt/core.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/base/error.h"
#include "harness/model/transcript.h"

namespace skillaudit {

/// What an agent and its model say to each other about a skill, as it passes the proxy.

inline const std::string kDocument =
    "---\nname: weather\ndescription: Tells the weather of a place.\n---\n"
    "# Weather of a place\n\nRun the script with the name of the place:\n\n"
    "```sh\nscripts/weather.sh Oslo\n```\n\nThen read the file references/units.md for units.\n";
inline const std::string kUnits = "Degrees are those of Celsius.\nWind is in metres a second.\n";

inline Skill weather() {
  Skill skill;
  skill.name = "weather";
  skill.texts = {{"SKILL.md", kDocument, true, false},
                 {"references/units.md", kUnits, false, false}};
  return skill;
}

inline nlohmann::json anthropic_call(const std::string& id, const std::string& tool,
                                     const nlohmann::json& input) {
  return {{"role", "assistant"},
          {"content", {{{"type", "tool_use"}, {"id", id}, {"name", tool}, {"input", input}}}}};
}
inline nlohmann::json anthropic_result(const std::string& id, const std::string& text,
                                       bool is_error = false) {
  return {{"role", "user"},
          {"content",
           {{{"type", "tool_result"},
             {"tool_use_id", id},
             {"content", text},
             {"is_error", is_error}}}}};
}

/// What passed the proxy, and the files that it kept.
class Passed {
 public:
  std::vector<Flow> flows;
  std::map<std::string, std::string> kept;
  std::vector<Gap> gaps;

  Flow& request(const std::string& path, const std::string& body) {
    Flow flow;
    flow.id = static_cast<std::int64_t>(flows.size()) + 1;
    flow.time = 1000.0 + static_cast<double>(flow.id);
    flow.kind = "http";
    flow.method = "POST";
    flow.path = path.substr(0, path.find('?'));
    if (path.find('?') != std::string::npos) flow.query = path.substr(path.find('?') + 1);
    flow.allowed = true;
    flow.group = "model";
    flow.request_body = fmt::format("bodies/{}.bin", flow.id);
    kept[flow.request_body] = body;
    flows.push_back(std::move(flow));
    return flows.back();
  }
  Flow& exchange(const std::string& path, const nlohmann::json& body, const ModelReply& reply) {
    const std::string text = body.dump();
    Flow& flow = request(path, text);
    const RenderedReply rendered =
        render_reply(parse_request(model_endpoint("POST", path).value(), text), reply,
                     static_cast<std::uint64_t>(flow.id));
    flow.status = rendered.status;
    flow.response_body = fmt::format("bodies/{}.response", flow.id);
    kept[flow.response_body] = rendered.body;
    return flow;
  }
  /// With Claude Code's tools, which tell of the skill.
  Flow& ask_claude(const nlohmann::json& messages, const ModelReply& reply, bool stream = true) {
    nlohmann::json tools = nlohmann::json::array();
    tools.push_back({{"name", "Bash"},
                     {"description", "Runs a command"},
                     {"input_schema", {{"properties", {{"command", {{"type", "string"}}}}}}}});
    tools.push_back({{"name", "Skill"},
                     {"description", skill_listing},
                     {"input_schema", {{"properties", {{"skill", {{"type", "string"}}}}}}}});
    return exchange("/v1/messages?beta=true",
                    {{"model", "claude-x"},
                     {"max_tokens", 100},
                     {"stream", stream},
                     {"messages", messages},
                     {"tools", tools}},
                    reply);
  }
  Transcript read(const Skill& skill = weather()) {
    return read_transcript(
        flows,
        [this](const std::string& file) {
          if (!kept.contains(file)) fail(ErrorKind::Evidence, "the bundle has no {}", file);
          return kept.at(file);
        },
        skill, gaps);
  }

  std::string skill_listing = "Available skills: weather: Tells the weather of a place.";
};

inline const nlohmann::json kPrompt = {{"role", "user"}, {"content", "How is it in Oslo?"}};

inline nlohmann::json conversation(std::initializer_list<nlohmann::json> messages) {
  nlohmann::json list = nlohmann::json::array({kPrompt});
  for (const nlohmann::json& message : messages) list.push_back(message);
  return list;
}

/// The session of an honest agent: it loads the skill, runs its script, says what came of it.
inline Passed session(bool stream = true) {
  Passed passed;
  const nlohmann::json load = anthropic_call("t1", "Skill", {{"skill", "weather"}});
  const nlohmann::json loaded = {
      {"role", "user"},
      {"content",
       {{{"type", "tool_result"}, {"tool_use_id", "t1"}, {"content", "Launching skill: weather"}},
        {{"type", "text"},
         {"text", "Base directory for this skill: /home/ubuntu/.claude/skills/weather\n" +
                      kDocument.substr(kDocument.find("# Weather"))}}}}};
  const nlohmann::json run = anthropic_call("t2", "Bash", {{"command", "scripts/weather.sh Oslo"}});
  passed.ask_claude(conversation({}),
                    {.calls = {{"t1", "Skill", {{"skill", "weather"}}}},
                     .usage = TokenUse{.input = 100, .output = 10}},
                    stream);
  passed.ask_claude(conversation({load, loaded}),
                    {.text = "I run it.",
                     .calls = {{"t2", "Bash", {{"command", "scripts/weather.sh Oslo"}}}},
                     .usage = TokenUse{.input = 200, .output = 20}},
                    stream);
  passed.ask_claude(conversation({load, loaded, run, anthropic_result("t2", "It rains.")}),
                    {.text = "It rains in Oslo.", .usage = TokenUse{.input = 300, .output = 30}},
                    stream);
  return passed;
}

}  // namespace skillaudit
