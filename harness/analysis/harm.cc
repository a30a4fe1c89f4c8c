#include "harness/analysis/harm.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>

#include "harness/analysis/gates.h"
#include "harness/analysis/seen_harm.h"
#include "harness/analysis/unmeasured.h"
#include "harness/base/text.h"
#include "harness/evidence/world.h"
#include "harness/rules/rules.h"
#include "harness/skill/code_lines.h"
#include "harness/skill/reach.h"
#include "harness/skill/statements.h"

namespace skillaudit {
namespace {

using Ranges = std::vector<LineRange>;

/// What ran of a program, and where.
struct Ran {
  Ranges first;   ///< in the audit's steering clone
  Ranges opened;  ///< where conditions were set aside
  const Evidence* world = nullptr;
};

Ran ran_of(const Evidence& evidence, const MeasuredLines& lines) {
  Ran ran{.first = lines.ran, .opened = {}};
  for (const Evidence& world : evidence.worlds) {
    if (world.world != kOpenedWorld.name) continue;
    ran.world = &world;
    if (const MeasuredLines* there = measured_at(world.lines, lines.place)) ran.opened = there->ran;
  }
  return ran;
}

/// What sets a name in lines that ran nowhere.
std::string never_set(const CodeLines& code, const Ranges& statements, const Ran& ran) {
  std::string lines;
  for (const LineRange& each : statements)
    if (!touches(ran.first, each) && !touches(ran.opened, each)) lines += code.part(each);
  return lines;
}

/// Whether the lines ran where their conditions were set aside, and could do there what they do: no
/// name that they use is set by lines that ran nowhere, and whoever they would ask was asked.
bool is_answered(const Harm& harm, const CodeLines& code, const Ranges& statements, const Ran& ran,
                 const Definitions& never) {
  if (ran.world == nullptr) return false;
  for (const LineRange& each : statements)
    if (harm.lines.first <= each.first && each.last <= harm.lines.last &&
        !touches(ran.first, each) && !touches(ran.opened, each))
      return false;
  const std::string_view part = code.part(harm.lines);
  if (never.are_used_in(part)) return false;
  const bool asks = reach_of(part).test(static_cast<std::size_t>(Reach::Network));
  return !asks || shows(*ran.world, part);
}

void add_measured(const Evidence& evidence, const SkillText& text, std::vector<Harm>& all) {
  const MeasuredLines* lines = measured_at(evidence.lines, text.path);
  if (lines == nullptr) return;
  const CodeLines code(text.text);
  const Ranges statements = statements_in(text, lines);
  const Ran ran = ran_of(evidence, *lines);
  const bool is_shell = language_of(text.path, text.text) == CodeLanguage::Shell;
  std::vector<Harm> found = harm_at_once(text.text, statements, ran.first);
  if (is_shell)
    if (auto harm = harm_within_a_line(text.text, evidence)) found.push_back(std::move(*harm));
  const Evidence* shell = is_shell ? &evidence : nullptr;
  if (auto harm = harm_behind_a_gate(text.text, statements, ran.first, shell))
    found.push_back(std::move(*harm));
  const std::string unset = never_set(code, statements, ran);
  const Definitions never(unset);
  std::erase_if(found, [&](const Harm& harm) {
    return !touches(ran.first, harm.lines) && is_answered(harm, code, statements, ran, never);
  });
  for (Harm& harm : found) {
    harm.place = text.path;
    all.push_back(std::move(harm));
  }
}

/// What three lines together could do, the whole text could: harm_at_once() asks more narrowly.
bool any_measured(const Skill& skill, bool decides) {
  return std::ranges::any_of(skill.texts, [&](const SkillText& text) {
    if (text.documents || language_of(text.path, text.text) == CodeLanguage::Other) return false;
    const auto harm = HarmReader(text.text).harm_of(text.text);
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
    if (!text.documents && is_unmeasured_program(text) && was_used(text, evidence)) {
      std::vector<Harm> found = unmeasured_harm(text, evidence);
      std::ranges::move(found, std::back_inserter(all));
    }
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
    if (is_unmeasured_program(*text)) continue;  // unmeasured_code() tells
    const std::string_view part = CodeLines(text->text).part(harm.lines);
    gaps.push_back(Gap::not_exercised(
        GapSource::Execution, fmt::format("not exercised: line {} of {} did not run; {}: {}",
                                          harm.lines.first, as_code(harm.place), harm.what,
                                          as_code(trim(part.substr(0, part.find('\n')))))));
  }
  return gaps;
}

}  // namespace skillaudit
