#include "reports/facts.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/analysis/assess.h"
#include "harness/analysis/unexercised.h"
#include "harness/base/text.h"
#include "harness/changes/process_tree.h"
#include "harness/evidence/runner_names.h"
#include "harness/evidence/world.h"
#include "harness/rules/rules.h"

namespace skillaudit {
namespace {

constexpr std::size_t kMostFiles = 50;

std::string seconds(double value) { return fmt::format("{:.1f} s", value); }

std::string model_of(const AgentRun& agent) {
  const std::string host = as_code(agent.host, 300);
  if (agent.model == "obedient")
    return fmt::format("built in: follows the skill literally, in place of {}", host);
  if (agent.model == "script") return fmt::format("a script, in place of {}", host);
  if (agent.model == "replay") return fmt::format("a recording, in place of {}", host);
  return fmt::format("live, at {}", host);
}

std::string tokens_of(const Transcript& transcript) {
  return fmt::format(
      "{} from the model, {} tokens in, {} out{}", count_of(transcript.exchanges, "answer"),
      transcript.input_tokens, transcript.output_tokens,
      transcript.cost_usd
          ? fmt::format(", {:.4f} US dollars as counted by the agent", *transcript.cost_usd)
          : "");
}

std::string files_of(const std::vector<std::string>& files) {
  std::vector<std::string> shown;
  for (std::size_t i = 0; i < files.size() && i < kMostFiles; ++i)
    shown.push_back(as_code(files[i], 300));
  const std::size_t more = files.size() - shown.size();
  return shown.empty() ? "none"
                       : join(shown, ", ") + (more > 0 ? fmt::format(" and {} more", more) : "");
}

/// "served on port 8000; answered 200; ended by us".
std::string served(const Step& step) {
  std::vector<std::string> ports;
  for (const std::uint16_t port : step.served_ports) ports.push_back(std::to_string(port));
  std::vector<std::string> answers;
  for (const ServedAnswer& answer : step.answers)
    answers.push_back(answer.http_status ? std::to_string(*answer.http_status)
                                         : "nothing that is HTTP");
  answers.erase(std::unique(answers.begin(), answers.end()), answers.end());
  return fmt::format("served on port{} {}; {}; ended by us", ports.size() == 1 ? "" : "s",
                     join(ports, ", "),
                     answers.empty() ? "not asked" : "answered " + join(answers, ", "));
}

}  // namespace

bool something_ran(const Execution& execution) {
  return std::any_of(execution.steps.begin(), execution.steps.end(),
                     [](const Step& step) { return step.ran; });
}

CheckItem guest_name(std::string_view raw, std::size_t limit) {
  return {shorten(printable(raw.substr(0, limit * 8)), limit), true};
}

std::vector<Fact> environment_facts(const Evidence& evidence, const Assessment& assessment) {
  const Environment& environment = evidence.environment;
  const auto code = [](std::string_view raw) { return as_code(raw, 300); };
  std::vector<Fact> facts = {
      {"VM Platform",
       {fmt::format("{} {} ({})", printable(environment.hypervisor),
                    printable(environment.hypervisor_version),
                    printable(environment.accelerator))}},
      {"OS", {printable(environment.os)}},
      {"Kernel", {printable(environment.kernel)}},
      {"Image", guest_name(environment.image)},
      {"Resources",
       {fmt::format("{} vCPU, {} MiB RAM, {} MiB disk", environment.cpus, environment.memory_mib,
                    environment.disk_mib)}},
      {"User",
       {fmt::format("{}, home {}", code(environment.guest_user), code(environment.guest_home))}},
      {"Files",
       {environment.files_seen_from == "disk"
            ? "Read from the disk by the host"
            : "Listed by the guest: the host could not read its disk"}},
      {"Network",
       {fmt::format("{}, {} in force", code(environment.network),
                    count_of(environment.rules.size(), "rule"))}},
      {"Skill",
       {fmt::format("{}, {}, SHA-256 {}", code(environment.skill_dir),
                    count_of(evidence.skill.files.size(), "file"), code(evidence.skill.sha256))}},
      {"Started", guest_name(evidence.started_at)},
      {"skillaudit", guest_name(environment.skillaudit_version)},
  };
  if (const std::string source = source_text(evidence.skill); !source.empty())
    facts.insert(facts.end() - 2, {"Source", {source}});
  for (const std::string& each : environment.arranged)
    facts.push_back({"Arranged", {printable(each)}});
  for (const WorldKind& world : worlds_of(evidence))
    facts.push_back({"World",
                     {fmt::format("`{}`: {}{}", world.name, world.what,
                                  world.judged ? "" : "; what left is compared")}});
  for (const AddedRules& each : rubric_of(assessment).added)
    facts.push_back({"Added rules",
                     {fmt::format("{} ({}), SHA-256 {}", code(each.file),
                                  count_of(each.rules, "rule"), code(each.sha256))}});
  return facts;
}

std::vector<WorldKind> worlds_of(const Evidence& evidence) {
  std::vector<WorldKind> worlds;
  const auto add = [&](const WorldKind& kind) {
    const bool is_judged = std::ranges::any_of(
        evidence.worlds, [&](const Evidence& world) { return world.world == kind.name; });
    if (is_judged || std::ranges::count(evidence.compared, kind.name) > 0) worlds.push_back(kind);
  };
  for (const WorldKind& kind : kComparedWorlds) add(kind);
  add(kOpenedWorld);
  add(kLaterWorld);
  return worlds;
}

std::string seen_where(const Finding& finding) {
  if (finding.worlds.empty()) return {};
  const bool alone = std::ranges::all_of(
      finding.evidence, [](const Citation& citation) { return !citation.source.world.empty(); });
  return fmt::format("{} the world `{}`{}", alone ? "in" : "also in", join(finding.worlds, "`, `"),
                     alone ? " alone" : "");
}

std::string source_text(const Skill& skill) {
  if (!skill.source) return {};
  const GitSource& source = *skill.source;
  std::string text =
      fmt::format("{} at commit {}", as_code(source.url, 300), as_code(source.commit, 80));
  if (!source.ref.empty()) text += fmt::format(" ({})", as_code(source.ref, 100));
  if (!source.path.empty()) text += ", " + as_code(source.path, 300);
  return text;
}

std::string added_rules(const Assessment& assessment) {
  return added_rules(rubric_of(assessment).added);
}

std::string added_rules(const std::vector<AddedRules>& added) {
  std::vector<std::string> files;
  for (const AddedRules& each : added)
    files.push_back(fmt::format("{} ({})", as_code(each.file), count_of(each.rules, "rule")));
  return files.empty() ? "" : "With rules of a team's own: " + join(files, ", ");
}

std::vector<Fact> agent_facts(const Evidence& evidence) {
  const AgentRun& agent = evidence.agent;
  if (agent.name.empty()) return {};
  const Transcript& transcript = agent.transcript;
  const auto yes_or_no = [](std::string label, bool yes) {
    return Fact{
        std::move(label), {yes ? "yes" : "no"}, yes ? CheckOutcome::Fine : CheckOutcome::Grave};
  };
  std::vector<Fact> facts = {
      {"Agent", {fmt::format("{} {}", printable(agent.title), printable(agent.version))}},
      {"Model", {model_of(agent)}},
  };
  for (const std::string& prompt : agent.prompts)
    facts.push_back({std::string(kPrompt), guest_name(prompt)});
  facts.push_back(yes_or_no("Skill offered to the model", transcript.offered));
  facts.push_back(yes_or_no("Skill triggered", transcript.triggered));
  facts.push_back({"Files of the skill that the model read", {files_of(transcript.files_read)}});
  if (evidence.trace.collected)
    facts.push_back({"Files of the skill that ran", {files_of(files_run(evidence))}});
  facts.push_back({"Conversation", {tokens_of(transcript)}});
  return facts;
}

StepTitle title_of(const Step& step, const Evidence& evidence) {
  std::string_view command = trim(step.command);
  command = trim(command.substr(0, command.find('\n')));
  // What calls a function or speaks to a server is ours, and long.
  const bool says_more = step.tentative && step.name.find(": ") != std::string::npos;
  if (command.empty() || says_more || !evidence.agent.name.empty()) return {step.name, {}};
  const bool is_named_so = command.starts_with(step.name) || step.name.starts_with(command);
  std::string name = is_named_so ? std::string() : step.name;
  if (!step.in_words.empty())
    name += (name.empty() ? "in words: " : ", in words: ") + shorten(step.in_words, 200);
  return {std::string(command), std::move(name)};
}

StepOutcome outcome_of(const Step& step, const StepEnd& end) {
  if (!step.ran)
    return {CheckOutcome::Warning, "not run: " + as_code(step.reason_not_run, 300), false};
  const std::string after = fmt::format(" ({})", seconds(step.duration_s));
  if (end.cause == StepCause::Serving) return {CheckOutcome::Fine, served(step) + after, true};
  if (end.tried_again)
    return {CheckOutcome::Note,
            (end.cause == StepCause::Usage ? "asked for arguments; tried again with some"
                                           : "did not find its files; tried again") +
                after,
            true};
  if (end.is_unexercised()) return {CheckOutcome::NotObserved, what_it_wants(end) + after, false};
  if (step.hung) return {CheckOutcome::Grave, "stopped: it waited for nothing" + after, false};
  if (step.timed_out) return {CheckOutcome::Grave, "stopped: timed out" + after, false};
  if (!step.signal.empty())
    return {CheckOutcome::Grave, "killed by signal " + as_code(step.signal, 300) + after, false};
  if (!step.exit_code) return {CheckOutcome::Grave, "no exit code" + after, false};
  if (*step.exit_code == step.expected_exit) {
    const std::string expected = step.expected_exit == 0 ? "" : ", as expected";
    return {CheckOutcome::Fine, fmt::format("exit code {}{}{}", *step.exit_code, expected, after),
            true};
  }
  // What a sentence asks for may be more than this machine has.
  const CheckOutcome failed = step.in_words.empty() ? CheckOutcome::Grave : CheckOutcome::Warning;
  return {failed,
          fmt::format("exit code {}, expected {}{}", *step.exit_code, step.expected_exit, after),
          false};
}

StepOutcome outcome_of(const Execution& execution, const std::vector<StepEnd>& ends) {
  if (!execution.aborted.empty())
    return {CheckOutcome::NotObserved, "Cut short: " + printable(execution.aborted), false};
  const std::size_t all = execution.steps.size();
  if (execution.runner == kWordsOnly)
    return {CheckOutcome::Fine,
            "Words only: no sentence asks for anything on the machine, and nothing is a program",
            true};
  if (all == 0) return {CheckOutcome::NotObserved, "Nothing ran", false};
  std::size_t good = 0;
  std::size_t unexercised = 0;
  for (std::size_t i = 0; i < all; ++i) {
    const StepOutcome outcome = outcome_of(execution.steps[i], end_at(ends, i));
    if (outcome.good) ++good;
    if (outcome.outcome == CheckOutcome::NotObserved) ++unexercised;
  }
  if (good == all) return {CheckOutcome::Fine, "Completed successfully", true};
  const std::string text = fmt::format("{} of {} as expected", good, count_of(all, "step"));
  if (good + unexercised == all)
    return {CheckOutcome::NotObserved, fmt::format("{}, {} not exercised", text, unexercised),
            false};
  return {CheckOutcome::Grave, text, false};
}

}  // namespace skillaudit
