#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "reports/facts.h"
#include "reports/markdown_text.h"
#include "reports/markdown_view.h"

namespace skillaudit::markdown {
namespace {

std::string last_lines(std::string_view text, std::size_t count) {
  text = trim(text.substr(text.size() - std::min<std::size_t>(text.size(), 4096)));
  std::size_t at = text.size();
  for (; count > 0 && at != std::string_view::npos && at > 0; --count)
    at = text.rfind('\n', at - 1);
  return printable_block(at == std::string_view::npos ? text : text.substr(at == 0 ? 0 : at + 1));
}

}  // namespace

void put_environment(data& view, const Evidence& evidence, const Assessment& assessment) {
  view.set("environment", facts(environment_facts(evidence, assessment)));
}

void put_execution(data& view, const Evidence& evidence, const Assessment& assessment) {
  const Execution& execution = evidence.execution;
  double duration = 0;
  data steps{data::type::list};
  std::size_t shown = 0;
  for (const Step& step : execution.steps) {
    duration += step.duration_s;
    if (++shown > kMostItems) continue;
    const StepOutcome outcome = outcome_of(step, end_at(assessment.ends, shown - 1));
    data entry;
    entry.set("mark", mark_of(outcome.outcome));
    const StepTitle title = title_of(step, evidence);
    entry.set("name", title.name.empty() ? code(title.what)
                                         : code(title.what) + " (" + code(title.name) + ")");
    entry.set("outcome", markdown_sentence(outcome.text));
    if (!outcome.good && !trim(step.err).empty()) {
      entry.set("stderr", markdown_block(last_lines(step.err, 10), 2));
    }
    steps.push_back(entry);
  }
  const std::size_t all = execution.steps.size();
  const StepOutcome whole = outcome_of(execution, assessment.ends);
  std::string status = mark_of(whole.outcome) + " " + markdown_sentence(whole.text);
  if (all > kMostItems) status += fmt::format(" (the first {} are shown)", kMostItems);
  view.set("execution_status", status);
  view.set("runner", execution.runner.empty() ? "none: the audit ended before the skill could run"
                                              : code(execution.runner));
  view.set("duration", seconds(duration) + " s");
  view.set("steps", steps);
}

}  // namespace skillaudit::markdown
