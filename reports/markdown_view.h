#pragma once

#include <kainjow/mustache.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "harness/analysis/assessment.h"
#include "harness/evidence/evidence.h"
#include "reports/checks.h"
#include "reports/facts.h"

namespace skillaudit {

/// What the parts of the Markdown report share. Each part fills the fields of
/// reports/report.md.mustache that it is named after.
namespace markdown {

using kainjow::mustache::data;

/// Longer lists end in "and N more"; report.json has them whole.
inline constexpr std::size_t kMostItems = 50;

/// Raw bytes of the guest as one code span.
[[nodiscard]] std::string code(std::string_view raw);
/// Each as an item of a list, at most kMostItems.
[[nodiscard]] data items(const std::vector<std::string>& markdown);
/// A list under its label, with a count of its own.
[[nodiscard]] data section(const std::string& label, std::size_t count,
                           const std::vector<std::string>& lines);
/// A CheckItem as code or as a sentence.
[[nodiscard]] std::string shown(const CheckItem& item);
/// Each under its label.
[[nodiscard]] data facts(const std::vector<Fact>& all);
/// "✅", "⚠️", "❌", "ℹ️", "❔"
[[nodiscard]] std::string mark_of(CheckOutcome outcome);
/// "1.5"
[[nodiscard]] std::string seconds(double value);

// render_decision.cc
void put_verdict(data& view, const Evidence& evidence, const Assessment& assessment);
void put_asks(data& view, const Assessment& assessment);
void put_unexercised(data& view, const Evidence& evidence, const Assessment& assessment);
void put_findings(data& view, const Assessment& assessment);
// render_execution.cc
void put_environment(data& view, const Evidence& evidence, const Assessment& assessment);
void put_execution(data& view, const Evidence& evidence, const Assessment& assessment);
void put_agent(data& view, const Evidence& evidence);
// render_changes.cc
void put_files(data& view, const Assessment& assessment);
void put_packages(data& view, const Evidence& evidence, const Assessment& assessment);
void put_diffs(data& view, const Changes& changes);
void put_processes(data& view, const Evidence& evidence, const Assessment& assessment);
// render_processes.cc
void put_started(data& view, const Evidence& evidence);
// render_timeline.cc, render_resources.cc
void put_timeline(data& view, const Evidence& evidence, const Assessment& assessment);
void put_resources(data& view, const Evidence& evidence);

}  // namespace markdown
}  // namespace skillaudit
