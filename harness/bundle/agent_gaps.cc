#include "harness/bundle/agent_gaps.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "harness/agents/agent.h"
#include "harness/base/json_text.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

/// What an agent's last line says where it is JSON.
std::string told_in_json(std::string_view line) {
  const nlohmann::json said = parse_json_or_discard(line);
  if (!said.is_object()) return {};
  for (const Agent& agent : known_agents()) {
    const std::string& field = agent.results.last_words;
    const auto text = field.empty() ? said.end() : said.find(field);
    if (text != said.end() && text->is_string()) return text->get<std::string>();
  }
  return {};
}

/// The last thing that a program said, in one line.
std::string last_words(const Step& step) {
  for (const std::string* text : {&step.err, &step.out}) {
    const std::string_view said = trim(*text);
    const std::size_t newline = said.rfind('\n');
    const std::string_view line =
        newline == std::string_view::npos ? said : said.substr(newline + 1);
    const std::string told = told_in_json(line);
    if (!line.empty()) return shorten(printable(told.empty() ? line : told), 200);
  }
  return {};
}

}  // namespace

std::vector<Gap> agent_gaps(const Evidence& evidence) {
  const AgentRun& agent = evidence.agent;
  if (agent.name.empty()) return {};
  const Transcript& transcript = agent.transcript;
  std::vector<Gap> gaps;
  const auto add = [&](GapSource source, std::string text) {
    gaps.push_back(Gap::not_exercised(source, std::move(text)));
  };
  for (const Step& step : evidence.execution.steps) {
    if (!step.ran || (step.exit_code == step.expected_exit && !step.timed_out)) continue;
    const std::string how = step.timed_out ? std::string("timed out")
                            : step.exit_code
                                ? fmt::format("ended with exit code {}", *step.exit_code)
                                : "was killed by signal " + step.signal;
    const std::string words = last_words(step);
    add(GapSource::Agent,
        fmt::format("{} {}{}", agent.title, how, words.empty() ? "" : ": " + words));
  }
  const std::string error =
      transcript.last_error.empty()
          ? ""
          : "; its model's host answered: " + shorten(printable(transcript.last_error), 200);
  if (transcript.exchanges == 0)
    add(GapSource::Agent, fmt::format("{} never contacted its model.", agent.title));
  else if (!transcript.offered)
    add(GapSource::Agent,
        fmt::format("{} did not offer the skill to its model{}.", agent.title, error));
  else if (!transcript.triggered)
    add(GapSource::Agent,
        fmt::format("The skill was never triggered: its instructions did not reach the model{}.",
                    error));
  else if (!transcript.last_error.empty())
    add(GapSource::Model, fmt::format("The model ended with an error: {}",
                                      shorten(printable(transcript.last_error), 200)));
  return gaps;
}

}  // namespace skillaudit
