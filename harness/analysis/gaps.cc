#include "harness/analysis/gaps.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "harness/base/text.h"

namespace skillaudit {
namespace {

void add(const Snapshot& snapshot, std::string_view when, std::vector<std::string>& gaps) {
  if (is_uncaptured(snapshot)) {
    gaps.push_back(fmt::format("The state {} the run was not captured", when));
    return;
  }
  for (const std::string& gap : snapshot.gaps)
    gaps.push_back(fmt::format("{} the run: {}", when, printable(gap)));
}

/// What an agent's last line says where it is JSON: Claude Code and Gemini CLI end so.
std::string told_in_json(std::string_view line) {
  const nlohmann::json said = nlohmann::json::parse(line, nullptr, false);
  if (!said.is_object()) return {};
  for (const char* field : {"result", "message"})
    if (const auto text = said.find(field); text != said.end() && text->is_string())
      return text->get<std::string>();
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

bool is_uncaptured(const Snapshot& snapshot) {
  // Every one of these has rows on any system.
  return !snapshot.missing.empty() && snapshot.files.empty() && snapshot.packages.empty() &&
         snapshot.processes.empty() && snapshot.users.empty() && snapshot.groups.empty() &&
         snapshot.mounts.empty() && snapshot.units.empty() && snapshot.config.empty();
}

std::vector<std::string> snapshot_gaps(const Snapshot& before, const Snapshot& after) {
  std::vector<std::string> gaps;
  add(before, "before", gaps);
  add(after, "after", gaps);
  return gaps;
}

std::vector<std::string> agent_gaps(const Evidence& evidence) {
  const AgentRun& agent = evidence.agent;
  if (agent.name.empty()) return {};
  const Transcript& transcript = agent.transcript;
  std::vector<std::string> gaps;
  for (const Step& step : evidence.execution.steps) {
    if (!step.ran || (step.exit_code == step.expected_exit && !step.timed_out)) continue;
    const std::string how = step.timed_out ? std::string("did not end in its time")
                            : step.exit_code
                                ? fmt::format("ended with exit code {}", *step.exit_code)
                                : "was ended by the signal " + step.signal;
    const std::string words = last_words(step);
    gaps.push_back(fmt::format("{} {}{}", agent.title, how, words.empty() ? "" : ": " + words));
  }
  const std::string error =
      transcript.last_error.empty()
          ? ""
          : "; its model's host said: " + shorten(printable(transcript.last_error), 200);
  if (transcript.exchanges == 0)
    gaps.push_back(fmt::format("{} never spoke to its model.", agent.title));
  else if (!transcript.offered)
    gaps.push_back(fmt::format("{} did not offer the skill to its model{}.", agent.title, error));
  else if (!transcript.triggered)
    gaps.push_back(fmt::format(
        "The skill was never triggered: its instructions did not reach the model{}.", error));
  else if (!transcript.last_error.empty())
    gaps.push_back(fmt::format("The model ended the work with an error: {}",
                               shorten(printable(transcript.last_error), 200)));
  return gaps;
}

}  // namespace skillaudit
