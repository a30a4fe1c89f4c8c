#include "harness/model/transcript.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <unordered_map>

#include "harness/agents/agent.h"
#include "harness/base/error.h"
#include "harness/base/json_text.h"
#include "harness/base/text.h"
#include "harness/model/conversation.h"
#include "harness/model/obedient.h"
#include "harness/model/tool_kinds.h"

namespace skillaudit {
namespace {

constexpr std::size_t kMostText = 4096;
constexpr std::size_t kMostActions = 2000;

std::optional<ModelEndpoint> endpoint_of(const Flow& flow) {
  if (flow.group != kModelGroup || !flow.allowed) return std::nullopt;
  return model_endpoint(flow.method, flow.path + (flow.query.empty() ? "" : "?" + flow.query));
}

/// What a request's messages say that is not the model's own: documents that were loaded, results.
std::string heard(const ModelRequest& request) {
  std::string text;
  for (const ChatMessage& message : request.messages) {
    if (message.role == Role::Assistant) continue;
    text += message.text + "\n";
    for (const ToolResult& result : message.results) text += result.text + "\n";
  }
  return text;
}

/// The id by which parse_request() counts calls that came without one (Gemini): it is that of a
/// conversation, and an agent leads several.
std::string id_in(const ModelRequest& request, const std::string& id) {
  if (request.api != ModelApi::Gemini || !id.starts_with("call_")) return id;
  for (const ChatMessage& message : request.messages)
    if (message.role == Role::User) return message.text + "\n" + id;
  return id;
}

std::size_t calls_without_ids(const ModelRequest& request) {
  std::size_t count = 0;
  for (const ChatMessage& message : request.messages)
    for (const ToolCall& call : message.calls)
      if (call.id == fmt::format("call_{}", count + 1)) ++count;
  return count;
}

/// Formats without a sign for errors have them in words: "Process exited with code 1".
bool tells_of_failure(std::string_view result) {
  const std::string_view head = result.substr(0, 400);
  return std::any_of(known_agents().begin(), known_agents().end(), [&](const Agent& agent) {
    const std::string& words = agent.results.failed;
    const std::size_t at = words.empty() ? head.npos : head.find(words);
    return at != head.npos && result.substr(at + words.size(), 1) != "0";
  });
}

class Reader {
 public:
  Reader(Transcript& transcript, const Skill& skill) : transcript_(transcript), skill_(skill) {}

  void take_request(const ModelRequest& request) {
    if (request.counts_tokens) return;
    for (const ChatMessage& message : request.messages)
      for (const ToolResult& result : message.results)
        take_result(id_in(request, result.call_id), result);
    if (request.tools.empty()) return;
    transcript_.offered = transcript_.offered || offers_skill(request, skill_.name);
    take_documents(heard(request));
  }

  void take_reply(const Flow& flow, const ModelRequest& request, const ModelReply& reply) {
    transcript_.last_error.clear();
    if (reply.status != 200) {
      transcript_.last_error = shorten(
          fmt::format("HTTP {} {}", reply.status,
                      reply.raw ? *reply.raw : reply.error_type + ": " + reply.error_message),
          kMostText);
      return;
    }
    if (reply.usage) {
      transcript_.input_tokens += reply.usage->input;
      transcript_.output_tokens += reply.usage->output;
    }
    if (!trim(reply.text).empty()) transcript_.last_text = shorten(reply.text, kMostText);
    std::size_t without_id = calls_without_ids(request);
    for (const ToolCall& call : reply.calls) {
      const std::string id = call.id.empty() ? fmt::format("call_{}", ++without_id) : call.id;
      take_call(flow, id_in(request, id), call);
    }
  }

 private:
  void take_call(const Flow& flow, const std::string& id, const ToolCall& call) {
    // A reply that an agent asked for twice is one.
    if (by_id_.contains(id) || transcript_.actions.size() == kMostActions) return;
    by_id_.emplace(id, transcript_.actions.size());
    AgentAction action{.tool = call.name,
                       .kind = "other",
                       .what = json_text(call.arguments),
                       .time = flow.time,
                       .source = source::flow(flow.id)};
    if (const auto command = shell_command_of(call)) {
      action.kind = "shell";
      action.what = *command;
    } else if (const auto path = read_path_of(call)) {
      action.kind = "read";
      action.what = *path;
    } else if (const auto skill = skill_name_of(call)) {
      action.kind = "skill";
      action.what = *skill;
    }
    action.what = shorten(action.what, kMostText);
    transcript_.actions.push_back(std::move(action));
  }

  void take_result(const std::string& id, const ToolResult& result) {
    const auto known = by_id_.find(id);
    if (known == by_id_.end()) return;
    AgentAction& action = transcript_.actions[known->second];
    if (action.answered) return;
    action.answered = true;
    action.is_error = result.is_error || (action.kind == "shell" && tells_of_failure(result.text));
    action.result = shorten(result.text, kMostText);
  }

  void take_documents(const std::string& text) {
    for (const SkillText& document : skill_.texts) {
      const bool main = document.path == "SKILL.md";
      std::vector<std::string>& read = transcript_.files_read;
      if (std::find(read.begin(), read.end(), document.path) != read.end()) continue;
      const std::string_view body = main ? body_of(document.text) : document.text;
      if (!stands_in(body, text)) continue;
      read.push_back(document.path);
      if (main) transcript_.triggered = true;
    }
    std::sort(transcript_.files_read.begin(), transcript_.files_read.end());
  }

  /// What stands below the front matter: that alone is what triggering a skill brings.
  static std::string_view body_of(std::string_view text) {
    if (!text.starts_with("---")) return text;
    const std::size_t end = text.find("\n---", 3);
    return end == std::string_view::npos ? text : text.substr(end + 4);
  }

  Transcript& transcript_;
  const Skill& skill_;
  std::unordered_map<std::string, std::size_t> by_id_;
};

}  // namespace

std::optional<double> told_cost(const Execution& execution) {
  constexpr std::string_view kField = "\"total_cost_usd\":";
  std::optional<double> cost;
  for (const Step& step : execution.steps) {
    const std::size_t at = step.out.rfind(kField);
    if (at == std::string::npos) continue;
    double told = 0;
    const char* from = step.out.data() + at + kField.size();
    const auto read = std::from_chars(from, step.out.data() + step.out.size(), told);
    if (read.ec == std::errc() && told >= 0 && told < 1e6) cost = cost.value_or(0) + told;
  }
  return cost;
}

bool stands_in(std::string_view text, std::string_view whole) {
  std::vector<std::string_view> lines;
  for (const std::string_view raw : split(text, '\n')) {
    const std::string_view line = trim(raw);
    if (line.size() >= 4) lines.push_back(line);
  }
  if (lines.empty()) return false;
  std::stable_sort(lines.begin(), lines.end(),
                   [](std::string_view a, std::string_view b) { return a.size() > b.size(); });
  lines.resize(std::min<std::size_t>(lines.size(), 12));
  const auto found = std::count_if(lines.begin(), lines.end(), [&](std::string_view line) {
    return whole.find(line) != std::string_view::npos;
  });
  return static_cast<std::size_t>(found) * 3 >= lines.size() * 2;
}

Transcript read_transcript(const std::vector<Flow>& flows, const KeptFiles& read_kept,
                           const Skill& skill, std::vector<Gap>& gaps) {
  Transcript transcript;
  Reader reader(transcript, skill);
  for (const Flow& flow : flows) {
    const auto endpoint = endpoint_of(flow);
    if (!endpoint) continue;
    ++transcript.exchanges;
    try {
      const ModelRequest request = parse_request(*endpoint, read_kept(flow.request_body));
      reader.take_request(request);
      if (request.counts_tokens) continue;
      if (!flow.status || flow.response_body.empty()) {
        transcript.last_error = flow.error.empty() ? "no answer" : printable(flow.error);
        continue;
      }
      reader.take_reply(flow, request,
                        parse_reply(endpoint->api, *flow.status, read_kept(flow.response_body)));
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::Evidence) throw;
      gaps.push_back(
          Gap::lost(GapSource::Model,
                    fmt::format("The exchange between agent and model in {} cannot be read: {}",
                                text_of(source::flow(flow.id)), error.what())));
    }
  }
  return transcript;
}

std::vector<Exchange> read_exchanges(const std::vector<Flow>& flows, const KeptFiles& read_kept) {
  std::vector<Exchange> exchanges;
  for (const Flow& flow : flows) {
    const auto endpoint = endpoint_of(flow);
    if (!endpoint || !flow.status || flow.response_body.empty()) continue;
    exchanges.push_back({parse_request(*endpoint, read_kept(flow.request_body)),
                         parse_reply(endpoint->api, *flow.status, read_kept(flow.response_body))});
  }
  return exchanges;
}

}  // namespace skillaudit
