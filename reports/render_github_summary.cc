#include <fmt/core.h>

#include "harness/base/text.h"
#include "reports/ci_formats.h"
#include "reports/facts.h"
#include "reports/gated.h"
#include "reports/grade_words.h"
#include "reports/markdown_text.h"
#include "reports/telling_facts.h"

namespace skillaudit {
namespace {

constexpr std::size_t kMostLine = 2000;
constexpr std::size_t kMostCited = 400;

/// A page that stays below its limit: what does not fit is counted, not cut in the middle.
class Page {
 public:
  void add(std::string_view text) { text_ += text; }
  /// As long as `limit` bytes are not reached.
  bool add_within(std::size_t limit, std::string_view text) {
    if (text_.size() + text.size() > limit) return false;
    text_ += text;
    return true;
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

// Shares of kMostSummary up to which the parts go, so that none takes all of it.
constexpr std::size_t kFindingsEnd = kMostSummary / 2;
constexpr std::size_t kListsEnd = kMostSummary * 2 / 3;
constexpr std::size_t kEvidenceEnd = kMostSummary - (1 << 10);

std::string line_of(std::string_view text) { return markdown_sentence(shorten(text, kMostLine)); }

void add_list(Page& page, std::size_t limit, std::string_view head,
              const std::vector<std::string>& items) {
  if (items.empty()) return;
  page.add(fmt::format("\n{}\n\n", head));
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (page.add_within(limit, "- " + items[i] + "\n")) continue;
    page.add(fmt::format("- and {} more: see the report\n", items.size() - i));
    return;
  }
}

std::string_view sign_of(const GatedAudit& audit) {
  if (audit.in_force.verdict == Verdict::Inconclusive) return "❔";
  if (audit.passes) return "✅";
  return audit.in_force.verdict == Verdict::Rejected ? "❌" : "⚠️";
}

std::string heading(const Evidence& evidence, const GatedAudit& audit) {
  std::string text = fmt::format("## {} {}: {}", sign_of(audit),
                                 markdown_code(shorten(printable(evidence.skill.name), 200)),
                                 markdown_prose(verdict_words(audit.in_force)));
  if (const std::string grade = grade_in_words(audit.in_force); !grade.empty())
    text += ", " + grade;
  return text + "\n";
}

/// "85, was 100": what the baseline had otherwise.
std::string with_before(const std::optional<double>& now, const std::optional<double>& before,
                        const GateResult* gate) {
  if (gate == nullptr || !gate->since || now == before) return score_text(now);
  return fmt::format("{}, was {}", score_text(now), score_text(before));
}

/// No number stands beside a verdict that it does not explain: the overall score is there for what
/// is approved alone.
std::string scores_table(const GatedAudit& audit, const GateResult* gate) {
  const Outcome before = gate != nullptr && gate->since ? gate->since->before.outcome : Outcome();
  const bool has_overall = shows_overall(audit.in_force.verdict);
  std::string head = has_overall ? "| overall |" : "|";
  std::string rule = has_overall ? "|---|" : "|";
  std::string row = "|";
  if (has_overall)
    row += fmt::format(" {} |", with_before(audit.in_force.overall, before.overall, gate));
  for (const Axis axis : kAxes) {
    const auto i = static_cast<std::size_t>(axis);
    head += fmt::format(" {} |", name_of(axis));
    rule += "---|";
    row += fmt::format(" {} |", with_before(audit.in_force.scores[i], before.scores[i], gate));
  }
  return fmt::format("\n### Scores\n\n{}\n\n{}\n{}\n{}\n",
                     meaning_of_scores(audit.in_force.verdict), head, rule, row);
}

std::string facts_line(const Evidence& evidence, const Assessment& assessment) {
  std::string line;
  for (const Deed& fact : telling_facts(evidence, assessment))
    line += (line.empty() ? "" : " · ") + line_of(fact.text);
  return line;
}

std::string finding_line(const GatedFinding& each) {
  return fmt::format("**{}**{} {}: {}", name_of(each.gate.severity), each.gate.is_new ? " 🆕" : "",
                     markdown_code(each.finding->rule), line_of(each.finding->title));
}

void add_findings(Page& page, const GatedAudit& audit) {
  std::vector<std::string> lines;
  for (const GatedFinding& each : counting(audit)) {
    std::string line = finding_line(each);
    if (!each.finding->recommendation.empty())
      line += fmt::format("<br>→ {}", line_of(each.finding->recommendation));
    lines.push_back(std::move(line));
  }
  add_list(page, kFindingsEnd, fmt::format("### {}", count_of(lines.size(), "finding")), lines);
  std::vector<std::string> aside;
  for (const GatedFinding& each : audit.findings)
    if (each.gate.standing != Standing::Counts)
      aside.push_back(
          fmt::format("{}<br>{}", finding_line(each), line_of(why_set_aside(each.gate))));
  add_list(page, kListsEnd, "### Accepted, not counted", aside);
}

void add_gate(Page& page, const GateResult* gate) {
  if (gate == nullptr) return;
  page.add(fmt::format("\n**Gate**: {}\n", gate->passed ? "passed" : "not passed"));
  const auto lines = [](const std::vector<std::string>& sentences) {
    std::vector<std::string> shown;
    for (const std::string& sentence : sentences) shown.push_back(line_of(sentence));
    return shown;
  };
  add_list(page, kFindingsEnd, "Why it did not pass:", lines(gate->failures));
  add_list(page, kFindingsEnd, "Notes on the gate:", lines(gate->notes));
}

void add_news(Page& page, const GateResult* gate) {
  if (gate == nullptr || !gate->since) return;
  const auto items = [](const std::vector<ReleaseDiff::Item>& news) {
    std::vector<std::string> lines;
    for (const ReleaseDiff::Item& item : news)
      lines.push_back(fmt::format("{}: {}", markdown_prose(item.kind),
                                  item.kind == "findings"
                                      ? line_of(item.name)
                                      : markdown_code(shorten(item.name, kMostLine))));
    return lines;
  };
  if (gate->since->empty()) page.add("\nNothing is new since the baseline.\n");
  add_list(page, kListsEnd, "### New since the baseline", items(gate->since->added));
  add_list(page, kListsEnd, "### Removed since the baseline", items(gate->since->gone));
}

void add_evidence(Page& page, const GatedAudit& audit) {
  if (audit.findings.empty()) return;
  page.add("\n<details><summary>Evidence</summary>\n\n");
  for (std::size_t i = 0; i < audit.findings.size(); ++i) {
    const Finding& finding = *audit.findings[i].finding;
    std::string block =
        fmt::format("- {}: {}\n", markdown_code(finding.rule), line_of(finding.title));
    for (const Citation& citation : finding.evidence)
      block +=
          fmt::format("  - {}: {}\n", markdown_code(shorten(text_of(citation.source), kMostCited)),
                      markdown_code(shorten(citation.text, kMostCited)));
    if (page.add_within(kEvidenceEnd, block)) continue;
    page.add(fmt::format("- and of {} more: see the report\n",
                         count_of(audit.findings.size() - i, "finding")));
    break;
  }
  page.add("\n</details>\n");
}

}  // namespace

std::string render_github_summary(const Evidence& evidence, const Assessment& assessment,
                                  const GateResult* gate, const CiPlace& /*place*/) {
  const GatedAudit audit = gated(assessment, gate);
  Page page;
  page.add(heading(evidence, audit));
  page.add(fmt::format("\n{}\n", facts_line(evidence, assessment)));
  if (const std::string added = added_rules(assessment); !added.empty())
    page.add(fmt::format("\n{}\n", line_of(added)));
  add_gate(page, gate);
  std::vector<std::string> missing;
  for (const std::string& each : missing_evidence(evidence, assessment))
    missing.push_back(markdown_prose(shorten(each, kMostLine)));
  add_list(page, kFindingsEnd, "### Evidence is missing: not a pass", missing);
  add_findings(page, audit);
  add_news(page, gate);
  page.add(scores_table(audit, gate));
  add_evidence(page, audit);
  page.add("\n");
  return page.take();
}

}  // namespace skillaudit
