// What happened when: drawn, and as a table for who cannot see a drawing.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "harness/analysis/timeline.h"
#include "harness/base/text.h"
#include "reports/facts.h"
#include "reports/html_view.h"
#include "reports/timeline_view.h"

namespace skillaudit::html {
namespace {

constexpr double kLeft = 90;
constexpr double kWidth = 890;
constexpr double kLaneHeight = 26;
constexpr std::size_t kColumns = 150;
constexpr std::size_t kMostSteps = 60;
constexpr Bounds kTable{250, 192 << 10};

double x_of(const TimelineSpan& span, double t) { return kLeft + span.share(t) * kWidth; }

/// 1, 2 or 5 times a power of ten, so that about eight of it fill the span.
double tick_of(const TimelineSpan& span) {
  const double rough = (span.to - span.from) / 8;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= rough) return factor * power;
  return 10 * power;
}

std::string second(double t) { return fmt::format("{:+.1f} s", t); }
std::string place(double value) { return fmt::format("{:.1f}", value); }

Html axis(const TimelineSpan& span, double height) {
  Html out;
  const double tick = tick_of(span);
  for (int i = 0; i * tick <= span.to; ++i) {
    const std::string x = place(x_of(span, i * tick));
    out += markup(
        "<line class=\"grid\" x1=\"{0}\" x2=\"{0}\" y1=\"20\" y2=\"{1}\"/><text x=\"{0}\" y=\"13\" "
        "text-anchor=\"middle\">{2} s</text>\n",
        x, place(height), fmt::format("{:g}", i * tick));
  }
  return out;
}

Html label(std::string_view name, double top) {
  return markup("<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>\n", place(kLeft - 8),
                place(top + kLaneHeight / 2 + 4), name);
}

Html steps_lane(const Evidence& evidence, const Assessment& assessment, const TimelineSpan& span,
                double top) {
  Html out = label("Steps", top);
  std::size_t shown = 0;
  const std::vector<Step>& steps = evidence.execution.steps;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Step& step = steps[i];
    if (!step.ran || shown++ == kMostSteps) continue;
    const double from = x_of(span, step.started_s);
    const double to = std::max(x_of(span, step.started_s + step.duration_s), from + 2);
    const StepOutcome outcome = outcome_of(step, end_at(assessment.ends, i));
    out += markup(
        "<rect class=\"step {}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"16\" rx=\"2\">"
        "<title>{}: {}</title></rect>\n",
        outcome.good ? "good" : "poor", place(from), place(top + 5), place(to - from),
        cut(step.name, 120), shorten(outcome.text, 200));
  }
  return out;
}

Html mark_of(const LaneMark& mark, Lane lane, std::size_t column, double top) {
  const double height = std::min(18.0, 6 + 3 * std::log2(static_cast<double>(mark.count)));
  const double drawn = mark.cited ? 18 : height;
  const std::string more =
      mark.count == 1 ? "" : fmt::format(", and {} more at about this time", mark.count - 1);
  return markup(
      "<rect class=\"{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"1\">"
      "<title>{} {}: {}{}{}</title></rect>\n",
      mark.cited ? "cited" : fmt::format("lane{}", static_cast<int>(lane)),
      place(kLeft + kWidth * static_cast<double>(column) / kColumns),
      place(top + (kLaneHeight - drawn) / 2), mark.cited ? "5" : "4", place(drawn),
      second(mark.first->t), mark.first->kind, shorten(mark.first->text, 140), more,
      mark.cited ? " (cited by a finding)" : "");
}

Html drawing(const Evidence& evidence, const Assessment& assessment, const Timeline& timeline,
             const std::vector<bool>& cited) {
  const TimelineSpan span = span_of(evidence, timeline);
  const DrawnLanes lanes = draw_lanes(timeline, cited, span, kColumns);
  double top = 24;
  Html rows = steps_lane(evidence, assessment, span, top);
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    if (lanes[lane].empty()) continue;
    top += kLaneHeight;
    rows +=
        markup("<line class=\"rule\" x1=\"0\" x2=\"1000\" y1=\"{0}\" y2=\"{0}\"/>\n", place(top));
    rows += label(name_of(static_cast<Lane>(lane)), top);
    for (const auto& [column, mark] : lanes[lane])
      rows += mark_of(mark, static_cast<Lane>(lane), column, top);
  }
  const double height = top + kLaneHeight + 4;
  return markup(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Timeline chart\"><svg "
      "class=\"timeline\" viewBox=\"0 0 1000 {}\" role=\"img\" aria-label=\"Timeline chart; the "
      "table below has the same data\">\n"
      "{}{}</svg></div>\n",
      place(height), axis(span, height - 4), rows);
}

}  // namespace

Section timeline(const Evidence& evidence, const Assessment& assessment) {
  const Timeline timeline = make_timeline(evidence, assessment.changes);
  const std::size_t all = timeline.entries.size() + timeline.omitted;
  Section section{"timeline", "Timeline", std::to_string(all), {}};
  if (timeline.entries.empty()) {
    section.body = markup("<p>Not recorded.</p>\n");
    return section;
  }
  const std::vector<const TimelineEntry*> shown =
      telling_entries(timeline, assessment, kTable.items);
  std::size_t left = 0;
  const Html lines = first_of(shown, kTable, left, [](const TimelineEntry* entry) {
    return markup("<tr><td class=\"n\">{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                  second(entry->t), entry->kind, printable_code(entry->text),
                  shorten(text_of(entry->source), 80));
  });
  left += all - shown.size();
  const Html rest =
      left == 0
          ? Html()
          : markup("<p class=\"more\">and {} more in <code>timeline.jsonl</code></p>\n", left);
  section.body = markup(
      "<p class=\"hint\">Seconds since the skill started. Tall red marks are cited by a finding. "
      "Hover over a mark for details.</p>\n"
      "{}<details><summary>As a table, entries cited by findings first</summary>\n"
      "{}{}</details>\n",
      drawing(evidence, assessment, timeline, cited_entries(timeline, assessment)),
      table("Timeline", {"#When", "What", "Entry", "Source"}, lines), rest);
  return section;
}

}  // namespace skillaudit::html
