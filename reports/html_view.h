#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/analysis/assessment.h"
#include "harness/evidence/evidence.h"
#include "reports/asks.h"
#include "reports/html_text.h"
#include "reports/not_exercised.h"

namespace skillaudit::html {

/// One part of the page, with a heading and a place in its table of contents.
struct Section {
  std::string id;     ///< ours, never the guest's
  std::string title;  ///< ours
  std::string count;  ///< beside the title: "12", or empty
  Html body;
};

// html_verdict.cc
/// The header of the page: name, verdict, grade, the telling facts, reasons.
[[nodiscard]] Html headline(const Evidence& evidence, const Assessment& assessment);
[[nodiscard]] Section next_steps(const Assessment& assessment);
[[nodiscard]] Section scores(const Assessment& assessment);
// html_findings.cc
[[nodiscard]] Section asks_for(const std::vector<Ask>& all);
[[nodiscard]] Section unexercised(const Evidence& evidence, const std::vector<NotExercised>& all);
[[nodiscard]] Section findings(const Assessment& assessment);
// html_rules.cc
/// Those that found something, each with its reasons.
[[nodiscard]] Section rules(const Assessment& assessment);
// html_checks.cc
[[nodiscard]] Section checks(const Evidence& evidence, const Assessment& assessment);
[[nodiscard]] Section unseen(const Evidence& evidence, const Assessment& assessment);
// html_network.cc
[[nodiscard]] Section network(const Evidence& evidence);
// html_changes.cc
[[nodiscard]] Section files(const Assessment& assessment);
[[nodiscard]] Section packages(const Evidence& evidence, const Assessment& assessment);
[[nodiscard]] Section system_changes(const Changes& changes);
[[nodiscard]] Section processes(const Evidence& evidence, const Assessment& assessment);
// html_processes.cc
[[nodiscard]] Section started(const Evidence& evidence);
// html_tree.cc
/// What the skill changed, as nested folders: the most telling entries, and counts of all.
[[nodiscard]] Html change_tree(const Assessment& assessment);
// html_timeline.cc, html_resources.cc
[[nodiscard]] Section timeline(const Evidence& evidence, const Assessment& assessment);
[[nodiscard]] Section resources(const Evidence& evidence);
// html_run.cc, html_agent.cc
[[nodiscard]] Section run(const Evidence& evidence, const Assessment& assessment);
[[nodiscard]] Section agent(const Evidence& evidence);
[[nodiscard]] Section environment(const Evidence& evidence, const Assessment& assessment);
[[nodiscard]] Section skill_text(const Skill& skill);

/// "critical": the class of what has this severity.
[[nodiscard]] std::string_view class_of(Severity severity);
/// The severity as a word on its colour.
[[nodiscard]] Html chip(Severity severity);
/// A line of a `<dl>`; `value` is shown as it is.
[[nodiscard]] Html fact(std::string_view label, const Html& value);
/// "12.5", "3": points without a decimal that says nothing.
[[nodiscard]] std::string points(double value);

}  // namespace skillaudit::html
