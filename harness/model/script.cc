#include "harness/model/script.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/model/housekeeping.h"
#include "harness/model/tool_kinds.h"
#include "harness/model/turns.h"

namespace skillaudit {
namespace {

constexpr std::size_t kShown = 200;

/// What came since the model's last answer, as far as conditions ask for it.
struct News {
  std::uint64_t turn = 1;
  std::string sent;
  std::string results;
  bool error = false;
  std::vector<std::string> tools;  ///< whose calls the results answer
};

News news_of(const ModelRequest& request) {
  News news{.turn = turns_so_far(request) + 1};
  const std::vector<SeenCall> calls = seen_calls(request);
  for (std::size_t i = first_new_message(request); i < request.messages.size(); ++i) {
    const ChatMessage& message = request.messages[i];
    if (message.role == Role::User && !message.text.empty()) news.sent += message.text + "\n";
    for (const ToolResult& result : message.results) {
      news.results += result.text + "\n";
      news.error = news.error || result.is_error;
      for (const SeenCall& seen : calls)
        if (seen.result == &result) news.tools.push_back(seen.call->name);
    }
  }
  return news;
}

/// What does not hold, each as a clause: "the turn is 3, not 1".
std::vector<std::string> misses(const ScriptCondition& when, const ModelRequest& request,
                                const News& news) {
  std::vector<std::string> why;
  if (when.turn && *when.turn != news.turn)
    why.push_back(fmt::format("the turn is {}, not {}", news.turn, *when.turn));
  if (when.sent && !when.sent->found_in(news.sent))
    why.push_back(fmt::format("`sent` does not match: {}", printable(when.sent->expression())));
  if (when.result && !when.result->found_in(news.results))
    why.push_back(fmt::format("`result` does not match: {}", printable(when.result->expression())));
  if (when.error && *when.error != news.error)
    why.push_back(*when.error ? "no new result is an error" : "a new result is an error");
  if (!when.tool.empty() &&
      std::find(news.tools.begin(), news.tools.end(), when.tool) == news.tools.end())
    why.push_back(fmt::format("no new result is of the tool {}", printable(when.tool)));
  if (when.api && *when.api != request.api)
    why.push_back(fmt::format("the API is {}, not {}", name_of(request.api), name_of(*when.api)));
  if (when.housekeeping != is_housekeeping(request))
    why.push_back(when.housekeeping ? "tools are offered" : "no tools are offered");
  return why;
}

std::optional<ToolCall> tool_call(const ScriptCall& call, const ModelRequest& request) {
  switch (call.kind) {
    case ScriptCall::Kind::Shell:
      return shell_call(request.tools, call.what);
    case ScriptCall::Kind::Read:
      return read_call(request.tools, call.what);
    case ScriptCall::Kind::Skill:
      return skill_call(request.tools, call.what);
    case ScriptCall::Kind::Tool:
      break;
  }
  return ToolCall{.name = call.what, .arguments = call.input};
}

ModelReply reply_of(const ModelScript& script, const ScriptStep& step,
                    const ModelRequest& request) {
  ModelReply reply = step.reply;
  for (const ScriptCall& call : step.calls) {
    std::optional<ToolCall> made = tool_call(call, request);
    if (!made)
      fail(ErrorKind::Evidence,
           "the model script {}:{} wants {} \"{}\", but the agent offers no tool for it",
           script.file, step.line,
           call.kind == ScriptCall::Kind::Shell  ? "the shell command"
           : call.kind == ScriptCall::Kind::Read ? "reading"
                                                 : "the skill",
           printable(shorten(call.what, kShown)));
    reply.calls.push_back(std::move(*made));
  }
  return reply;
}

}  // namespace

ScriptedModel::ScriptedModel(ModelScript script)
    : script_(std::move(script)), uses_(script_.steps.size()) {}

ModelReply ScriptedModel::answer(const ModelRequest& request) {
  const News news = news_of(request);
  const ScriptStep* nearest_step = nullptr;
  std::vector<std::string> nearest_why;
  for (std::size_t i = 0; i < script_.steps.size(); ++i) {
    const ScriptStep& step = script_.steps[i];
    std::vector<std::string> why = misses(step.when, request, news);
    if (step.times && uses_[i] >= *step.times)
      why.push_back(fmt::format("it has already answered {}", count_of(uses_[i], "time")));
    if (why.empty()) {
      ++uses_[i];
      return reply_of(script_, step, request);
    }
    if (nearest_step == nullptr || why.size() < nearest_why.size()) {
      nearest_step = &step;
      nearest_why = std::move(why);
    }
  }
  if (is_housekeeping(request)) return housekeeping_reply(request);
  fail(ErrorKind::Evidence,
       "the model script {} has no step for turn {}: {}; the closest step, in line {}, does not "
       "match because {}",
       script_.file, news.turn, describe(request), nearest_step ? nearest_step->line : 0,
       join(nearest_why, ", and "));
}

}  // namespace skillaudit
