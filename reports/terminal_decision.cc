// What is read first on a terminal: the verdict with its facts, what is asked for, what was not
// exercised, the findings, what to do.
#include <fmt/core.h>

#include <algorithm>

#include "harness/analysis/verdict.h"
#include "harness/base/text.h"
#include "reports/asks.h"
#include "reports/facts.h"
#include "reports/finding_groups.h"
#include "reports/grade_words.h"
#include "reports/not_exercised.h"
#include "reports/telling_facts.h"
#include "reports/terminal_screen.h"

namespace skillaudit::terminal {
namespace {

constexpr std::size_t kMostFindings = 12;
constexpr std::size_t kMostAlike = 3;
constexpr std::size_t kMostAsks = 12;
constexpr std::size_t kMostUnexercised = 8;
constexpr std::size_t kMostReasons = 8;
constexpr std::size_t kMostNext = 8;

/// The facts on as few lines as they need, each whole where it fits.
void put_facts(Screen& screen, const std::vector<Deed>& facts) {
  static constexpr std::array kInks = {Ink::Red, Ink::Yellow, Ink::Plain, Ink::Green};
  std::string line;
  std::size_t taken = 0;
  for (const Deed& fact : facts) {
    std::string text = fact.text;
    std::erase(text, '`');
    const std::size_t wide = columns_of(text);
    if (taken > 0 && taken + 3 + wide > screen.columns()) {
      screen.line(line);
      line.clear();
      taken = 0;
    }
    if (wide > screen.columns()) {
      screen.hang("", 0, text, kInks.at(static_cast<std::size_t>(fact.tone)));
      continue;
    }
    if (taken > 0) line += " · ";
    taken += wide + (taken > 0 ? 3 : 0);
    line += screen.ink(kInks.at(static_cast<std::size_t>(fact.tone)), text);
  }
  if (taken > 0) screen.line(line);
}

void put_finding(Screen& screen, const FindingGroup& group) {
  const Finding& finding = group.first();
  screen.hang("    - ", 6,
              fmt::format("{} (−{:g} {})", shorten(title_of(group), 600), group.deduction,
                          name_of(finding.axis)));
  // The worst with what proves it; the page has the rest.
  const std::size_t proofs = finding.severity >= Severity::High ? 2 : 1;
  for (std::size_t i = 0; i < finding.evidence.size() && i < proofs; ++i) {
    const Citation& cited = finding.evidence[i];
    screen.hang("        ", 8,
                fmt::format("{}: {}", text_of(cited.source), shorten(cited.text, 160)), Ink::Dim);
  }
  for (std::size_t i = 1; i < group.findings.size() && i <= kMostAlike; ++i)
    screen.hang("      · ", 8, shorten(group.findings[i]->title, 200), Ink::Dim);
  if (group.others() > kMostAlike)
    screen.line(
        screen.ink(Ink::Dim, fmt::format("        and {} more", group.others() - kMostAlike)));
}

}  // namespace

Ink ink_of(Severity severity) {
  return severity >= Severity::High     ? Ink::Red
         : severity == Severity::Medium ? Ink::Yellow
                                        : Ink::Cyan;
}

void put_verdict(Screen& screen, const Evidence& evidence, const Assessment& assessment) {
  static constexpr std::array kInks = {Ink::Green, Ink::Yellow, Ink::Red, Ink::Magenta};
  const Ink ink = assessment.after_fixing ? Ink::Yellow
                                          : kInks.at(static_cast<std::size_t>(assessment.verdict));
  screen.line();
  screen.line(screen.badge(ink, title_of(assessment.verdict, assessment.after_fixing)) + "  " +
              screen.ink(Ink::Bold, grade_in_words(assessment)));
  put_facts(screen, telling_facts(evidence, assessment));
  screen.hang("", 0, shorten(printable(evidence.skill.name), 80), Ink::Bold);
  const auto& reasons = assessment.reasons;
  for (std::size_t i = 0; i < reasons.size() && i < kMostReasons; ++i)
    screen.hang("  ", 2, reasons[i], Ink::Dim);
  if (reasons.size() > kMostReasons)
    screen.line(screen.ink(Ink::Dim, fmt::format("  and {} more", reasons.size() - kMostReasons)));
  if (const std::string source = source_text(evidence.skill); !source.empty())
    screen.hang("  ", 2, "From " + source, Ink::Dim);
  if (const std::string added = added_rules(assessment); !added.empty())
    screen.hang("  ", 2, added, Ink::Dim);
}

void put_asks(Screen& screen, const Assessment& assessment) {
  const std::vector<Ask> all = asks_of(assessment);
  if (all.empty()) return;
  screen.heading("IT ASKS FOR", std::to_string(all.size()));
  for (std::size_t i = 0; i < all.size() && i < kMostAsks; ++i) {
    screen.hang("  ", 4,
                fmt::format("{} {} ({})", name_of(all[i].verb), objects_in_words(all[i]),
                            name_of(all[i].effect_class)));
    screen.hang("      ", 6, fmt::format("{}: {}", all[i].place, all[i].statement), Ink::Dim);
  }
  if (all.size() > kMostAsks) screen.line(fmt::format("  and {} more", all.size() - kMostAsks));
}

void put_not_exercised(Screen& screen, const Evidence& evidence, const Assessment& assessment,
                       std::string_view program) {
  const std::vector<NotExercised> all = not_exercised(evidence, assessment);
  if (all.empty()) return;
  screen.heading("NOT EXERCISED", std::to_string(all.size()));
  for (std::size_t i = 0; i < all.size() && i < kMostUnexercised; ++i) {
    screen.hang("  ", 4, in_words(all[i]));
    // Whole, so that it can be copied; a terminal breaks it where it must.
    if (!all[i].option.empty())
      screen.hang("      ", 6, exercise_command(evidence, {all[i].option}, program), Ink::Cyan);
  }
  if (all.size() > kMostUnexercised)
    screen.line(fmt::format("  and {} more", all.size() - kMostUnexercised));
  if (const std::string together = exercise_all_command(evidence, all, program);
      !together.empty()) {
    screen.line("  All at once:");
    screen.hang("      ", 6, together, Ink::Cyan);
  }
}

void put_findings(Screen& screen, const Assessment& assessment) {
  const std::vector<FindingGroup> all = grouped(assessment.findings);
  screen.heading("FINDINGS", std::to_string(assessment.findings.size()));
  if (all.empty()) screen.line("  none");
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i == kMostFindings) {
      screen.line(fmt::format("  and {} more kinds", all.size() - i));
      break;
    }
    const Severity severity = all[i].first().severity;
    if (i == 0 || all[i - 1].first().severity != severity)
      screen.line("  " + screen.ink(ink_of(severity), name_of(severity)));
    put_finding(screen, all[i]);
  }
}

void put_scores(Screen& screen, const Assessment& assessment) {
  screen.heading("SCORES");
  screen.hang("  ", 2, meaning_of_scores(assessment.verdict), Ink::Dim);
  const std::size_t wide = std::min<std::size_t>(screen.columns() - 22, 50);
  for (const Axis axis : kAxes) {
    const auto& score = assessment.scores[static_cast<std::size_t>(axis)];
    if (!score) {
      screen.line(fmt::format("  {:<14} not assessed", name_of(axis)));
      continue;
    }
    Ink of_score = *score >= 90 ? Ink::Green : *score >= 70 ? Ink::Yellow : Ink::Red;
    if (!shows_overall(assessment.verdict) && of_score == Ink::Green) of_score = Ink::Dim;
    screen.line(fmt::format("  {:<14} {} {:g}", name_of(axis),
                            screen.ink(of_score, bar(*score / 100, wide)), *score));
  }
}

void put_next(Screen& screen, const Assessment& assessment) {
  const auto& all = assessment.recommendations;
  if (all.empty()) return;
  screen.heading("WHAT TO DO NEXT");
  for (std::size_t i = 0; i < all.size() && i < kMostNext; ++i)
    screen.hang(
        "  " + screen.ink(ink_of(all[i].severity), fmt::format("{:<9}", name_of(all[i].severity))),
        11, shorten(all[i].text, 400));
  if (all.size() > kMostNext) screen.line(fmt::format("  and {} more", all.size() - kMostNext));
}

}  // namespace skillaudit::terminal
