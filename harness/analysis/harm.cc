#include "harness/analysis/harm.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "harness/analysis/code_lines.h"
#include "harness/analysis/gates.h"
#include "harness/analysis/seen_harm.h"
#include "harness/base/text.h"
#include "harness/evidence/world.h"
#include "harness/rules/rules.h"
#include "harness/skill/statements.h"

namespace skillaudit {
namespace {

/// The lines that ran, those where conditions were set aside among them.
std::vector<LineRange> ran_anywhere(const Evidence& evidence, std::string_view place) {
  std::vector<int> lines;
  const auto add = [&](const LineCoverage& coverage) {
    const MeasuredLines* measured = measured_at(coverage, place);
    if (measured == nullptr) return;
    for (const LineRange& range : measured->ran)
      for (int line = range.first; line <= range.last; ++line) lines.push_back(line);
  };
  add(evidence.lines);
  for (const Evidence& world : evidence.worlds)
    if (world.world == kOpenedWorld.name) add(world.lines);
  return ranges_of(std::move(lines));
}

void add_measured(const Evidence& evidence, const SkillText& text, std::vector<Harm>& all) {
  const MeasuredLines* lines = measured_at(evidence.lines, text.path);
  if (lines == nullptr) return;
  const std::vector<LineRange> statements = statements_in(text, lines);
  const std::vector<LineRange> ran = ran_anywhere(evidence, text.path);
  const bool is_shell = language_of(text.path, text.text) == CodeLanguage::Shell;
  std::vector<Harm> found = harm_at_once(text.text, statements, ran);
  if (is_shell)
    if (auto harm = harm_within_a_line(text.text, evidence)) found.push_back(std::move(*harm));
  if (auto harm = harm_behind_a_gate(text.text, statements, ran, is_shell ? &evidence : nullptr))
    found.push_back(std::move(*harm));
  for (Harm& harm : found) {
    harm.place = text.path;
    all.push_back(std::move(harm));
  }
}

void add_unmeasured(const Evidence& evidence, const SkillText& text, std::vector<Harm>& all) {
  std::vector<LineRange> statements;
  int number = 0;
  for (const std::string_view line : split(text.text, '\n'))
    if (++number; !trim(line).empty()) statements.push_back({number, number});
  const CodeLines code(text.text);
  for (Harm& harm : harm_at_once(text.text, statements, {})) {
    if (is_seen(code.part(harm.lines), evidence)) continue;
    harm.place = text.path;
    all.push_back(std::move(harm));
  }
}

/// Of these unmeasured_code() tells.
bool is_unit(std::string_view place, const SkillCoverage& coverage) {
  return std::ranges::any_of(coverage.units, [&](const CoverageUnit& unit) {
    return unit.kind == UnitKind::Program && unit.place == place;
  });
}

/// What three lines together could do, the whole text could: harm_at_once() asks more narrowly.
bool any_measured(const Skill& skill, bool decides) {
  return std::ranges::any_of(skill.texts, [&](const SkillText& text) {
    if (text.documents || language_of(text.path, text.text) == CodeLanguage::Other) return false;
    const auto harm = harm_of(text.text, false);
    return harm && (harm->decides || !decides);
  });
}

}  // namespace

std::vector<Harm> unexercised_harm(const Evidence& evidence, const SkillCoverage& coverage) {
  std::vector<Harm> all;
  for (const CoverageUnit& unit : coverage.units) {
    const SkillText* text = text_at(evidence.skill, unit.place);
    if (unit.ran && unit.lines && text != nullptr) add_measured(evidence, *text, all);
  }
  for (const SkillText& text : evidence.skill.texts)
    if (!text.documents && is_unmeasured_program(text) && was_used(text, evidence))
      add_unmeasured(evidence, text, all);
  return all;
}

bool has_unmeasured_programs(const Skill& skill) {
  return std::ranges::any_of(skill.texts, [](const SkillText& text) {
    return !text.documents && is_unmeasured_program(text);
  });
}

bool lines_could_harm(const Skill& skill) { return any_measured(skill, false); }

bool lines_could_decide(const Skill& skill) { return any_measured(skill, true); }

std::vector<Gap> unexercised_lines(const Evidence& evidence, const SkillCoverage& coverage) {
  std::vector<Gap> gaps;
  std::string_view last;
  const std::vector<Harm> all = unexercised_harm(evidence, coverage);
  for (const Harm& harm : all) {
    if (!harm.decides || harm.place == last) continue;
    last = harm.place;
    const SkillText* text = text_at(evidence.skill, harm.place);
    if (is_unmeasured_program(*text) && is_unit(harm.place, coverage)) continue;
    const std::string_view part = CodeLines(text->text).part(harm.lines);
    gaps.push_back(Gap::not_exercised(
        GapSource::Execution, fmt::format("not exercised: line {} of {} did not run; {}: {}",
                                          harm.lines.first, as_code(harm.place), harm.what,
                                          as_code(trim(part.substr(0, part.find('\n')))))));
  }
  return gaps;
}

}  // namespace skillaudit
