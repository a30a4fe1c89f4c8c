// What is read first: the verdict, why, what to do, and the findings with their evidence.
#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "harness/analysis/verdict.h"
#include "harness/base/text.h"
#include "reports/html_view.h"

namespace skillaudit::html {
namespace {

constexpr Bounds kFindings{300, 512 << 10};
constexpr Bounds kCitations{40, 16 << 10};
constexpr std::size_t kMostOpen = 8;

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
      return {"inconclusive", "Evidence is missing, so this is not a pass: run the audit again."};
  }
  return {};
}

std::string_view class_of_score(double score) {
  return score >= 90 ? "good" : score >= 70 ? "fair" : "poor";
}

Html score_row(Axis axis, const std::optional<double>& score) {
  std::string label(name_of(axis));
  label[0] = static_cast<char>(label[0] - 'a' + 'A');
  if (!score)
    return markup("<div><dt>{}</dt><dd><span class=\"num\">not assessed</span></dd></div>\n",
                  label);
  return markup(
      "<div><dt>{}</dt><dd><svg class=\"bar\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" "
      "aria-hidden=\"true\"><rect class=\"track\" width=\"100\" height=\"8\"/><rect class=\"{}\" "
      "width=\"{}\" height=\"8\"/></svg><span class=\"num\">{}</span></dd></div>\n",
      label, class_of_score(*score), points(*score), points(*score));
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

Html finding_entry(const Finding& finding, std::size_t number, bool open) {
  std::size_t left = 0;
  const Html cited = first_of(finding.evidence, kCitations, left, [](const Citation& citation) {
    return markup("<li>{}<span class=\"at\">{}</span></li>\n", printable_code(citation.text, 600),
                  shorten(text_of(citation.source), 200));
  });
  Html advice;
  if (!finding.recommendation.empty())
    advice = markup("<p class=\"advice\"><b>What to do:</b> {}</p>\n",
                    sentence(shorten(finding.recommendation, 1200)));
  Html technique;
  if (!finding.attack.empty())
    technique = markup("<span>ATT&amp;CK <code>{}</code></span>", finding.attack);
  return markup(
      "<details class=\"finding {}\" id=\"finding-{}\"{}>\n<summary>{}<h3>{}</h3>"
      "<span class=\"cost\">−{} {}</span></summary>\n<div class=\"inside\">\n"
      "<p class=\"meta\"><span>Rule <code>{}</code></span>{}</p>\n{}"
      "<h4>Evidence</h4>\n<ul class=\"cited\">\n{}</ul>\n{}</div></details>\n",
      class_of(finding.severity), number, open ? markup(" open") : Html(), chip(finding.severity),
      sentence(shorten(finding.title, 1000)), points(finding.deduction), name_of(finding.axis),
      finding.rule, technique, advice, cited, and_more(left));
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
  const Html grade =
      assessment.grade ? markup("<span class=\"grade\">Grade {}</span>", name_of(*assessment.grade))
                       : markup("<span class=\"grade\">No grade</span>");
  const Html overall =
      assessment.overall
          ? markup("<span class=\"overall\"><b>{:.1f}</b> of 100</span>", *assessment.overall)
          : markup("<span class=\"overall\">not assessed</span>");
  Html scores;
  for (const Axis axis : kAxes)
    scores += score_row(axis, assessment.scores[static_cast<std::size_t>(axis)]);
  const Html description =
      evidence.skill.description.empty()
          ? Html()
          : markup("<p class=\"about\">{}</p>\n", cut(evidence.skill.description, 600));
  return markup(
      "<header class=\"verdict {}\">\n<p class=\"kicker\">What this agent skill did when it "
      "ran</p>\n<h1>{}</h1>\n{}<p class=\"headline\"><span class=\"badge\">{}</span>{}{}</p>\n"
      "<p class=\"meaning\">{} {}</p>\n{}<dl class=\"scores\">\n{}</dl>\n</header>\n",
      words.css, cut(evidence.skill.name, 80), description,
      title_of(assessment.verdict, assessment.after_fixing), grade, overall, words.meaning,
      count_findings(assessment),
      list_of(assessment.reasons, Bounds{20, 32 << 10},
              [](const std::string& reason) { return sentence(shorten(reason, 600)); }),
      scores);
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

Section asks_for(const Assessment& assessment) {
  const auto& all = assessment.consented;
  Section section{"asks", "It asks for", std::to_string(all.size()), {}};
  std::size_t left = 0;
  const Html items = first_of(all, Bounds{60, 64 << 10}, left, [](const ConsentedEffect& each) {
    return markup("<li>{} {} <span class=\"at\">{}: {}</span></li>\n", name_of(each.verb),
                  printable_code(each.object, 300), shorten(each.place, 200),
                  sentence(shorten(each.statement, 400)));
  });
  section.body = markup(
      "<p>Effects that the skill's documents name exactly. Whoever installs the skill agrees to "
      "them.</p>\n<ul class=\"cited\">\n{}</ul>\n{}",
      items, and_more(left));
  return section;
}

Section findings(const Assessment& assessment) {
  const auto& all = assessment.findings;
  Section section{"findings", "Findings", std::to_string(all.size()), {}};
  if (all.empty()) {
    section.body = markup("<p>None.</p>\n");
    return section;
  }
  // The worst are open; where none is grave, the first few.
  const auto grave = std::count_if(all.begin(), all.end(), [](const Finding& finding) {
    return finding.severity >= Severity::High;
  });
  const std::size_t open = grave > 0 ? std::min(static_cast<std::size_t>(grave), kMostOpen) : 3;
  std::size_t number = 0;
  std::size_t left = 0;
  const Html entries = first_of(all, kFindings, left, [&](const Finding& finding) {
    const bool is_open = number < open;
    return finding_entry(finding, ++number, is_open);
  });
  section.body = markup(
      "<p class=\"hint\">Open a finding to see its evidence and the file of the bundle that "
      "contains it. <code>skillaudit explain RULE</code> prints why a rule costs points.</p>\n"
      "{}{}",
      entries, and_more(left));
  return section;
}

}  // namespace skillaudit::html
