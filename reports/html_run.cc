// What ran, in what machine, and how to check all of this.
#include <fmt/core.h>

#include <algorithm>

#include "harness/analysis/assess.h"
#include "harness/base/text.h"
#include "reports/facts.h"
#include "reports/html_view.h"

namespace skillaudit::html {
namespace {

constexpr Bounds kSteps{100, 448 << 10};
constexpr std::size_t kMostOutput = 8192;

Html mark(const StepOutcome& outcome) {
  switch (outcome.outcome) {
    case CheckOutcome::Fine:
      return markup("<span class=\"mark fine\">OK</span>");
    case CheckOutcome::Grave:
      return markup("<span class=\"mark grave\">FAILED</span>");
    case CheckOutcome::Note:
      return markup("<span class=\"mark unknown\">TRIED AGAIN</span>");
    case CheckOutcome::NotObserved:
      return markup("<span class=\"mark unknown\">NOT EXERCISED</span>");
    default:
      return markup("<span class=\"mark unknown\">NOT RUN</span>");
  }
}

/// The end of an output: what went wrong stands there.
Html output(std::string_view title, const std::string& raw, bool truncated) {
  if (raw.empty()) return {};
  const std::string_view end =
      std::string_view(raw).substr(raw.size() - std::min(raw.size(), kMostOutput));
  const bool is_cut = truncated || end.size() < raw.size();
  return markup("<h3>{} <span class=\"soft\">{}{}</span></h3>\n<pre>{}</pre>\n", title,
                human_bytes(raw.size()), is_cut ? ", end only" : "",
                shorten(printable_block(end), 2 * kMostOutput));
}

Html step_entry(const Step& step, const StepEnd& end, const Evidence& evidence) {
  const StepTitle title = title_of(step, evidence);
  const StepOutcome outcome = outcome_of(step, end);
  return markup(
      "<details class=\"step\"{}><summary>{} {} <span class=\"soft\">{}{}</span></summary>\n"
      "<div class=\"inside\"><pre class=\"command\">{}</pre>\n{}{}</div></details>\n",
      outcome.good ? Html() : markup(" open"), mark(outcome), code(title.what, 160),
      title.name.empty() ? Html() : markup("{}; ", cut(title.name, 300)), sentence(outcome.text),
      shorten(printable_block(step.command.substr(0, 4096)), 4096),
      output("stdout", step.out, step.out_truncated),
      output("stderr", step.err, step.err_truncated));
}

Html facts_list(const std::vector<Fact>& facts) {
  Html out;
  for (const Fact& each : facts) {
    // Prompts stand below, whole.
    if (each.label == kPrompt) continue;
    if (each.outcome) {
      const bool fine = *each.outcome == CheckOutcome::Fine;
      out += fact(each.label, markup("<span class=\"mark {}\">{}</span>", fine ? "fine" : "grave",
                                     each.value.text));
      continue;
    }
    out += fact(each.label, each.value.is_name ? printable_code(each.value.text)
                                               : sentence(shorten(each.value.text, 2000)));
  }
  return markup("<dl class=\"facts\">\n{}</dl>\n", out);
}

Html timing(const Evidence& evidence) {
  if (evidence.timing.empty()) return {};
  std::size_t left = 0;
  const Html rows =
      first_of(evidence.timing, Bounds{60, 16 << 10}, left, [](const StageTime& stage) {
        return markup("<tr><th scope=\"row\">{}</th><td class=\"n\">{:.1f} s</td></tr>\n",
                      cut(stage.stage, 120), stage.seconds);
      });
  return markup("<details><summary>How long the audit took</summary>\n{}</details>\n",
                table("Stages of the audit", {"Stage", "#Time"}, rows));
}

}  // namespace

Section run(const Evidence& evidence, const Assessment& assessment) {
  const Execution& execution = evidence.execution;
  const StepOutcome whole = outcome_of(execution, assessment.ends);
  std::size_t left = 0;
  const Html steps = first_of(execution.steps, kSteps, left, [&](const Step& step) {
    const auto at = static_cast<std::size_t>(&step - execution.steps.data());
    return step_entry(step, end_at(assessment.ends, at), evidence);
  });
  double duration = 0;
  for (const Step& step : execution.steps) duration += step.duration_s;
  const Html runner = execution.runner.empty()
                          ? markup("none: the audit ended before the skill could run")
                          : code(execution.runner);
  return {"steps", "Steps", std::to_string(execution.steps.size()),
          markup("<p>{} {} <span class=\"soft\">Runner: {}; {:.1f} s in all</span></p>\n{}{}",
                 mark(whole), sentence(shorten(whole.text, 600)), runner, duration, steps,
                 and_more(left))};
}

Section agent(const Evidence& evidence) {
  const Transcript& transcript = evidence.agent.transcript;
  std::size_t left = 0;
  const Html calls =
      first_of(transcript.actions, Bounds{300, 320 << 10}, left, [](const AgentAction& action) {
        const Html state = !action.answered
                               ? markup("<span class=\"mark unknown\">NO ANSWER</span>")
                           : action.is_error ? markup("<span class=\"mark grave\">ERROR</span>")
                                             : markup("<span class=\"mark fine\">OK</span>");
        return markup(
            "<details class=\"call\"><summary>{} <b>{}</b> {} <span class=\"soft\">{}</span>"
            "</summary>\n<div class=\"inside\"><pre class=\"command\">{}</pre>\n<h4>Result</h4>\n"
            "<pre>{}</pre></div></details>\n",
            state, cut(action.tool, 60), code(action.what, 160), cut(text_of(action.source), 60),
            shorten(printable_block(action.what.substr(0, 4096)), 4096),
            shorten(printable_block(action.result.substr(0, 4096)), 4096));
      });
  std::size_t unshown = 0;
  const Html prompts = first_of(
      evidence.agent.prompts, Bounds{30, 64 << 10}, unshown, [](const std::string& prompt) {
        return markup("<pre>{}</pre>\n", shorten(printable_block(prompt.substr(0, 8192)), 8192));
      });
  const auto words = [](std::string_view title, const std::string& raw) {
    if (raw.empty()) return Html();
    return markup("<h3>{}</h3>\n<pre>{}</pre>\n", title,
                  shorten(printable_block(raw.substr(0, 4096)), 4096));
  };
  return {"agent", "The agent", std::to_string(transcript.actions.size()),
          markup("{}<h3>Prompts</h3>\n{}{}<h3>Tool calls, in order</h3>\n{}{}{}{}",
                 facts_list(agent_facts(evidence)), prompts, and_more(unshown),
                 calls.empty() ? markup("<p>None.</p>\n") : calls, and_more(left),
                 words("The model's last message", transcript.last_text),
                 words("The last error of the model's host", transcript.last_error))};
}

Section environment(const Evidence& evidence, const Assessment& assessment) {
  const bool has_added = !rubric_of(assessment).added.empty();
  return {
      "environment", "Environment, and how to verify", "",
      markup(
          "{}{}<h3>Verify</h3>\n"
          "<p>This page is generated only from the bundle, the folder that contains it. "
          "<code>skillaudit report BUNDLE{}</code> compares every evidence file with its SHA-256 "
          "in <code>manifest.json</code>, grades again and generates this page again, byte for "
          "byte. <code>report.json</code> has the same content for programs.</p>\n",
          facts_list(environment_facts(evidence, assessment)), timing(evidence),
          has_added ? markup(" --rules DIR") : markup(""))};
}

Section skill_text(const Skill& skill) {
  Html body;
  if (skill.hard_coded_paths.empty()) {
    body = markup("<p>No hard-coded path in its scripts and documents.</p>\n");
  } else {
    std::size_t left = 0;
    const Html rows = first_of(
        skill.hard_coded_paths, Bounds{100, 48 << 10}, left, [](const HardCodedPath& each) {
          return markup("<tr><td>{}</td><td>{}</td><td>{}</td></tr>\n", code(each.path, 200),
                        code(fmt::format("{}:{}", each.file, each.line), 200),
                        code(each.suggestion, 200));
        });
    body = table("Hard-coded paths", {"Path", "Where", "Use instead"}, rows) += and_more(left);
  }
  if (!skill.notes.empty()) {
    body += markup("<h3>Format violations</h3>\n{}",
                   list_of(skill.notes, Bounds{50, 24 << 10},
                           [](const std::string& note) { return markup("{}", cut(note, 400)); }));
  }
  return {"skill", "The skill's text", "", body};
}

}  // namespace skillaudit::html
