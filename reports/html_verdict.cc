// What is read first: the verdict, the facts, why, and what to do; and the scores.
#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "harness/analysis/verdict.h"
#include "harness/base/text.h"
#include "reports/grade_words.h"
#include "reports/html_view.h"
#include "reports/telling_facts.h"

namespace skillaudit::html {
namespace {

struct Words {
  std::string_view css;
  std::string_view meaning;
};

Words words_of(const Assessment& assessment) {
  switch (assessment.verdict) {
    case Verdict::Approved:
      if (assessment.after_fixing)
        return {"review", "Use it after the CRITICAL and HIGH recommendations are addressed."};
      return {"approved",
              assessment.findings.empty() ? "No problems were found." : "Good enough to use."};
    case Verdict::NeedsReview:
      return {"review", "A person has to review the findings and decide."};
    case Verdict::Rejected:
      return {"rejected", "Do not use it. See the findings below."};
    case Verdict::Inconclusive:
      if (!assessment.unexercised.empty())
        return {"inconclusive",
                "Not a pass: parts of it were not seen to act. The commands below exercise them."};
      return {"inconclusive", "Evidence is missing, so this is not a pass: run the audit again."};
  }
  return {};
}

/// Green is for what was approved.
std::string_view class_of_score(double score, bool muted) {
  if (score >= 90) return muted ? "muted" : "good";
  return score >= 70 ? "fair" : "poor";
}

Html score_row(Axis axis, const std::optional<double>& score, bool muted) {
  std::string label(name_of(axis));
  label[0] = static_cast<char>(label[0] - 'a' + 'A');
  if (!score)
    return markup("<div><dt>{}</dt><dd><span class=\"num\">not assessed</span></dd></div>\n",
                  label);
  return markup(
      "<div><dt>{}</dt><dd><svg class=\"bar\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" "
      "aria-hidden=\"true\"><rect class=\"track\" width=\"100\" height=\"8\"/><rect class=\"{}\" "
      "width=\"{}\" height=\"8\"/></svg><span class=\"num\">{}</span></dd></div>\n",
      label, class_of_score(*score, muted), points(*score), points(*score));
}

/// "5 findings: 1 CRITICAL, 2 HIGH, 2 LOW."
std::string count_findings(const Assessment& assessment) {
  if (assessment.findings.empty()) return "No findings.";
  std::array<std::size_t, 4> counts{};
  for (const Finding& finding : assessment.findings)
    ++counts[static_cast<std::size_t>(finding.severity)];
  std::vector<std::string> parts;
  for (std::size_t i = counts.size(); i-- > 0;)
    if (counts[i] > 0)
      parts.push_back(fmt::format("{} {}", counts[i], name_of(static_cast<Severity>(i))));
  return count_of(assessment.findings.size(), "finding") + ": " + join(parts, ", ") + ".";
}

/// A line that wraps between facts. The tone shows by colour, and the words say it.
Html facts_line(const std::vector<Deed>& facts) {
  static constexpr std::array<std::string_view, 4> kCss = {"grave", "warning", "plain", "fine"};
  Html items;
  for (const Deed& fact : facts)
    items += markup("<li class=\"{}\">{}</li>\n", kCss.at(static_cast<std::size_t>(fact.tone)),
                    sentence(shorten(fact.text, 400)));
  return markup("<ul class=\"telling\">\n{}</ul>\n", items);
}

/// The first are read; there may be one for each part that was not exercised.
Html reasons_list(const std::vector<std::string>& reasons) {
  constexpr std::size_t kOpen = 5;
  const auto show = [](const std::string& reason) { return sentence(shorten(reason, 600)); };
  const std::size_t open = std::min(kOpen, reasons.size());
  const auto middle = reasons.begin() + static_cast<std::ptrdiff_t>(open);
  const std::vector<std::string> first(reasons.begin(), middle);
  const std::vector<std::string> rest(middle, reasons.end());
  Html list = list_of(first, Bounds{20, 32 << 10}, show);
  if (!rest.empty())
    list += markup("<details class=\"reasons\"><summary>{}</summary>\n{}</details>\n",
                   count_of(rest.size(), "more reason"), list_of(rest, Bounds{60, 32 << 10}, show));
  return list;
}

}  // namespace

std::string points(double value) {
  return value == static_cast<double>(static_cast<long>(value)) ? fmt::format("{:.0f}", value)
                                                                : fmt::format("{:.1f}", value);
}

std::string_view class_of(Severity severity) {
  static constexpr std::array<std::string_view, 4> kClasses = {"low", "medium", "high", "critical"};
  return kClasses[static_cast<std::size_t>(severity)];
}

Html chip(Severity severity) {
  return markup("<span class=\"chip {}\">{}</span>", class_of(severity), name_of(severity));
}

Html fact(std::string_view label, const Html& value) {
  return markup("<div><dt>{}</dt><dd>{}</dd></div>\n", label, value);
}

Html headline(const Evidence& evidence, const Assessment& assessment) {
  const Words words = words_of(assessment);
  Html grade;
  if (!grade_in_words(assessment).empty())
    grade = markup("<span class=\"grade\">Grade {}</span>", name_of(*assessment.grade));
  if (assessment.overall && shows_overall(assessment.verdict))
    grade += markup("<span class=\"overall\"><b>{:.1f}</b> of 100</span>", *assessment.overall);
  const Html description =
      evidence.skill.description.empty()
          ? Html()
          : markup("<p class=\"about\">{}</p>\n", cut(evidence.skill.description, 300));
  return markup(
      "<header class=\"verdict {}\">\n<p class=\"kicker\">What this agent skill did when it "
      "ran</p>\n<h1>{}</h1>\n{}<p class=\"headline\"><span class=\"badge\">{}</span>{}</p>\n{}"
      "<p class=\"meaning\">{} {}</p>\n{}</header>\n",
      words.css, cut(evidence.skill.name, 80), description,
      title_of(assessment.verdict, assessment.after_fixing), grade,
      facts_line(telling_facts(evidence, assessment)), words.meaning, count_findings(assessment),
      reasons_list(assessment.reasons));
}

Section scores(const Assessment& assessment) {
  Html rows;
  for (const Axis axis : kAxes)
    rows += score_row(axis, assessment.scores[static_cast<std::size_t>(axis)],
                      assessment.verdict != Verdict::Approved);
  return {"scores", "Scores", "",
          markup("<p>{}</p>\n<dl class=\"scores\">\n{}</dl>\n",
                 meaning_of_scores(assessment.verdict), rows)};
}

Section next_steps(const Assessment& assessment) {
  Section section{"next", "What to do next", "", {}};
  const auto& all = assessment.recommendations;
  if (all.empty()) {
    section.body = markup("<p>Nothing: there are no recommendations.</p>\n");
    return section;
  }
  section.count = std::to_string(all.size());
  std::size_t left = 0;
  const Html items =
      first_of(all, Bounds{60, 128 << 10}, left, [](const Recommendation& recommendation) {
        return markup("<li>{}<span>{}</span></li>\n", chip(recommendation.severity),
                      sentence(shorten(recommendation.text, 1200)));
      });
  section.body = markup("<ol class=\"next\">\n{}</ol>\n{}", items, and_more(left));
  return section;
}

}  // namespace skillaudit::html
