// Of the Markdown report what a decision rests on: the verdict with its facts, what the skill asks
// for, what was not exercised, the findings.
#include <fmt/core.h>

#include "harness/analysis/assess.h"
#include "harness/base/text.h"
#include "reports/asks.h"
#include "reports/facts.h"
#include "reports/finding_groups.h"
#include "reports/grade_words.h"
#include "reports/markdown_text.h"
#include "reports/markdown_view.h"
#include "reports/not_exercised.h"
#include "reports/render.h"
#include "reports/telling_facts.h"

namespace skillaudit::markdown {
namespace {

/// Of a group, those that stand below the first.
constexpr std::size_t kMostAlike = 50;

std::string points(double value) {
  return value == static_cast<double>(static_cast<long>(value)) ? fmt::format("{:.0f}", value)
                                                                : fmt::format("{:.1f}", value);
}

std::string sign_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::Approved:
      return "✅";
    case Verdict::NeedsReview:
      return "⚠️";
    case Verdict::Rejected:
      return "❌";
    case Verdict::Inconclusive:
      return "❔";
  }
  return "";
}

std::string facts_line(const Evidence& evidence, const Assessment& assessment) {
  std::string line;
  for (const Deed& fact : telling_facts(evidence, assessment))
    line += (line.empty() ? "" : " · ") + markdown_sentence(fact.text);
  return line;
}

data evidence_list(const Finding& finding) {
  data list{data::type::list};
  for (const Citation& citation : finding.evidence) {
    data cited;
    cited.set("source", markdown_code(text_of(citation.source)));
    cited.set("text", markdown_code(citation.text));
    list.push_back(cited);
  }
  return list;
}

data finding_data(const FindingGroup& group, std::size_t number, const Rubric& rubric) {
  const Finding& finding = group.first();
  data entry;
  entry.set("number", std::to_string(number));
  entry.set("severity", std::string(name_of(finding.severity)));
  entry.set("title", markdown_sentence(title_of(group)));
  entry.set("rule", markdown_code(finding.rule));
  entry.set("axis", std::string(name_of(finding.axis)));
  entry.set("deduction", points(group.deduction));
  if (!finding.attack.empty()) entry.set("attack", finding.attack);
  if (const std::string seen = seen_where(finding); !seen.empty())
    entry.set("seen", markdown_sentence(seen));
  if (const RubricRule* rule = rubric.find(finding.rule); rule != nullptr)
    entry.set("why", markdown_sentence(rule->rationale));
  entry.set("evidence", evidence_list(finding));
  std::vector<std::string> alike;
  for (std::size_t i = 1; i < group.findings.size() && i <= kMostAlike; ++i) {
    const Finding& other = *group.findings[i];
    std::string line = markdown_sentence(other.title);
    if (!other.evidence.empty())
      line += " (" + markdown_code(text_of(other.evidence.front().source)) + ")";
    alike.push_back(std::move(line));
  }
  if (group.others() > kMostAlike)
    alike.push_back(fmt::format("and {} more", group.others() - kMostAlike));
  data lines{data::type::list};
  for (const std::string& line : alike) lines.push_back(data{"text", line});
  entry.set("has_alike", !alike.empty());
  entry.set("alike", lines);
  return entry;
}

}  // namespace

void put_findings(data& view, const Assessment& assessment) {
  data findings{data::type::list};
  std::size_t number = 0;
  for (const FindingGroup& group : grouped(assessment.findings))
    findings.push_back(finding_data(group, ++number, rubric_of(assessment)));
  view.set("findings", findings);

  data recommendations{data::type::list};
  for (std::size_t i = 0; i < assessment.recommendations.size(); ++i) {
    data entry;
    entry.set("number", std::to_string(i + 1));
    entry.set("severity", std::string(name_of(assessment.recommendations[i].severity)));
    entry.set("text", markdown_sentence(assessment.recommendations[i].text));
    recommendations.push_back(entry);
  }
  view.set("recommendations", recommendations);
}

void put_verdict(data& view, const Evidence& evidence, const Assessment& assessment) {
  view.set("name", shorten(printable(evidence.skill.name), 80));
  view.set("summary", one_line(evidence, assessment));
  view.set("mark", sign_of(assessment.verdict));
  view.set("facts", facts_line(evidence, assessment));
  std::string grade =
      grade_in_words(assessment).empty() ? "not assessed" : std::string(name_of(*assessment.grade));
  if (assessment.overall && shows_overall(assessment.verdict))
    grade += fmt::format(" ({:.1f}/100)", *assessment.overall);
  view.set("grade", grade);
  view.set("meaning_of_scores", std::string(meaning_of_scores(assessment.verdict)));
  data scores{data::type::list};
  for (const Axis axis : kAxes) {
    const auto& score = assessment.scores[static_cast<std::size_t>(axis)];
    std::string label(name_of(axis));
    label[0] = static_cast<char>(label[0] - 'a' + 'A');
    data entry;
    entry.set("axis", label);
    entry.set("score", score ? points(*score) + "/100" : "not assessed");
    scores.push_back(entry);
  }
  view.set("scores", scores);
  const char* const words[] = {"APPROVED", "NEEDS REVIEW", "REJECTED", "INCONCLUSIVE"};
  view.set("verdict", words[static_cast<std::size_t>(assessment.verdict)]);
  view.set("verdict_note", assessment.after_fixing
                               ? " after addressing the CRITICAL and HIGH recommendations"
                               : "");
  data reasons{data::type::list};
  for (const std::string& reason : assessment.reasons) reasons.push_back(data{"text", reason});
  view.set("reasons", reasons);
  // Why it is open stands at the top, but for what has a part of its own.
  data open{data::type::list};
  bool any_open = false;
  if (assessment.verdict == Verdict::Inconclusive)
    for (const std::string& reason : assessment.reasons) {
      if (reason.find("not exercised: ") != std::string::npos) continue;
      open.push_back(data{"text", reason});
      any_open = true;
    }
  view.set("has_open", any_open);
  view.set("open", open);
}

void put_asks(data& view, const Assessment& assessment) {
  data list{data::type::list};
  const std::vector<Ask> all = asks_of(assessment);
  for (std::size_t i = 0; i < all.size() && i < kMostItems; ++i) {
    data entry;
    entry.set("verb", std::string(name_of(all[i].verb)));
    entry.set("objects", markdown_sentence(objects_in_words(all[i])));
    entry.set("class", std::string(name_of(all[i].effect_class)));
    entry.set("statement", code(all[i].statement));
    entry.set("place", code(all[i].place));
    list.push_back(entry);
  }
  view.set("has_asks", !all.empty());
  view.set("asks", list);
  view.set("more_asks", all.size() > kMostItems
                            ? fmt::format("and {} more", all.size() - kMostItems)
                            : std::string());
}

void put_unexercised(data& view, const Evidence& evidence, const Assessment& assessment) {
  data list{data::type::list};
  const std::vector<NotExercised> all = not_exercised(evidence, assessment);
  for (std::size_t i = 0; i < all.size() && i < kMostItems; ++i) {
    data entry;
    entry.set("text", markdown_sentence(in_words(all[i])));
    if (!all[i].option.empty())
      entry.set("command", markdown_code(exercise_command(evidence, {all[i].option})));
    list.push_back(entry);
  }
  view.set("has_unexercised", !all.empty());
  view.set("unexercised", list);
  view.set("more_unexercised", all.size() > kMostItems
                                   ? fmt::format("and {} more", all.size() - kMostItems)
                                   : std::string());
  if (const std::string together = exercise_all_command(evidence, all); !together.empty())
    view.set("exercise_all", markdown_code(together));
}

}  // namespace skillaudit::markdown
