#include "harness/analysis/gaps.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/base/text.h"

namespace skillaudit {
namespace {

template <typename Concerns>
bool none_concerns(const std::vector<Gap>& gaps, Concerns concerns) {
  return std::none_of(gaps.begin(), gaps.end(), concerns);
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

std::vector<Gap> snapshot_gaps(const Snapshot& snapshot, Moment moment) {
  if (is_uncaptured(snapshot))
    return {Gap::lost(GapSource::Snapshot,
                      fmt::format("The state {} the run was not captured", name_of(moment)),
                      {.moment = moment})};
  std::vector<Gap> gaps = snapshot.gaps;
  for (Gap& gap : gaps) {
    gap.text = fmt::format("{} the run: {}", name_of(moment), printable(gap.text));
    gap.scope.moment = moment;
  }
  return gaps;
}

std::vector<Gap> all_gaps(const Evidence& evidence) {
  std::vector<Gap> gaps = evidence.gaps;
  for (Gap& gap : gaps) gap.text = printable(gap.text);
  append(gaps, snapshot_gaps(evidence.before, Moment::Before));
  append(gaps, snapshot_gaps(evidence.after, Moment::After));
  if (!evidence.execution.aborted.empty())
    gaps.push_back(Gap::not_exercised(
        GapSource::Execution, "the run was cut short: " + printable(evidence.execution.aborted)));
  return gaps;
}

bool is_observed(const Evidence& evidence, Table table) {
  if (evidence.before.files.empty() || evidence.after.files.empty()) return false;
  const auto concerns = [&](const Gap& gap) {
    return gap.source == GapSource::Snapshot && gap.scope.table.value_or(table) == table;
  };
  // What was read from outside the guest is the table of files.
  const bool whole_disk = table != Table::Files || none_concerns(evidence.gaps, [](const Gap& gap) {
                            return gap.source == GapSource::Disk;
                          });
  return whole_disk && none_concerns(evidence.before.gaps, concerns) &&
         none_concerns(evidence.after.gaps, concerns) && none_concerns(evidence.gaps, concerns);
}

bool is_observed(const Evidence& evidence, GapSource source) {
  if (evidence.before.files.empty() || evidence.after.files.empty()) return false;
  return none_concerns(evidence.gaps, [&](const Gap& gap) { return gap.source == source; });
}

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
