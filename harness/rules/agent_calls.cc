// What an agent did at the model's word, against what the guest's kernel saw.
#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/rules/rule_code.h"
#include "harness/rules/rules.h"

namespace skillaudit {
namespace {

constexpr std::string_view kFailed = "execution.failed";
constexpr std::string_view kToolCallFailed = "execution.tool-call-failed";
constexpr std::string_view kToolCallUnconfirmed = "tampering.tool-call-unconfirmed";

/// Agents hand a command on with words and quotes of their own around it.
std::string letters_of(std::string_view text) {
  std::string letters;
  for (const char c : text)
    if (c != '\'' && c != '"' && c != '\\' && c != ' ' && c != '\t' && c != '\n' && c != '\r')
      letters += c;
  return letters;
}

/// Claude Code drops a `cd` to where it already is.
std::string_view without_cd(std::string_view command) {
  const std::size_t end = command.find(" && ");
  return command.starts_with("cd ") && end < command.find('\n') ? command.substr(end + 4) : command;
}

/// Of a longer command the beginning is enough: the trace cuts arguments at 4 KiB.
constexpr std::size_t kCompared = 600;

/// What shells were told to run, each as letters_of().
std::vector<std::string> shell_commands(const RuleInput& input) {
  std::vector<std::string> commands;
  for (const std::uint32_t i : input.processes.of_kind(TraceKind::Exec)) {
    const TraceEvent& event = input.processes.events()[i];
    // An agent starts what its tools are told itself.
    const ProcessTree::Process process = input.processes.process(i);
    if (!input.processes.is_of_skill(process) || input.processes.is_on_request(process)) continue;
    const std::string_view program = base_name(event.program);
    if (program.find("sh") == std::string_view::npos || event.arguments.size() < 3) continue;
    std::string all;
    for (const std::string& argument : event.arguments) all += letters_of(argument);
    commands.push_back(std::move(all));
  }
  return commands;
}

Offender offender_of(const AgentAction& action) {
  Offender offender;
  offender.words.what = as_code(action.what);
  offender.evidence.push_back(cite(action.source, fmt::format("{}: {}", action.tool, action.what)));
  if (!trim(action.result).empty())
    offender.evidence.push_back(cite(action.source, "it returned: " + action.result));
  return offender;
}

void agent_call_rules(const RuleInput& input, Drafts& drafts) {
  const Evidence& evidence = input.evidence;
  if (evidence.agent.name.empty()) return;
  // A trace with holes proves nothing of what it does not show.
  const Trace& trace = evidence.trace;
  const bool whole = trace.collected && trace.lost == 0 && trace.dropped_bytes == 0 &&
                     trace.omitted == 0 && trace.silenced.empty();
  const std::vector<std::string> ran = whole ? shell_commands(input) : std::vector<std::string>();
  std::vector<Offender> failed, unconfirmed;
  std::size_t shell_calls = 0;
  for (const AgentAction& action : evidence.agent.transcript.actions) {
    if (action.kind != "shell" || !action.answered) continue;
    ++shell_calls;
    if (action.is_error) {
      failed.push_back(offender_of(action));
      continue;
    }
    const std::string wanted = letters_of(without_cd(action.what)).substr(0, kCompared);
    const bool seen = std::any_of(ran.begin(), ran.end(), [&](const std::string& command) {
      return command.find(wanted) != std::string::npos;
    });
    if (whole && !seen) unconfirmed.push_back(offender_of(action));
  }
  const bool nothing_succeeded = shell_calls > 0 && failed.size() == shell_calls;
  if (nothing_succeeded) {
    for (Offender& offender : failed) offender.words.where = "an error";
    drafts.add_each(kFailed, failed);
  } else {
    drafts.add_each(kToolCallFailed, failed);
  }
  drafts.add_each(kToolCallUnconfirmed, unconfirmed);
}

}  // namespace

RuleCode agent_call_code() {
  return {{kFailed, kToolCallFailed, kToolCallUnconfirmed}, agent_call_rules};
}

}  // namespace skillaudit
