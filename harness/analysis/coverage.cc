#include "harness/analysis/coverage.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>

#include "harness/analysis/unexercised.h"
#include "harness/base/text.h"
#include "harness/rules/rules.h"
#include "harness/runner/module_calls.h"
#include "harness/runner/script_command.h"
#include "harness/skill/code_lines.h"
#include "harness/skill/named_files.h"
#include "harness/skill/statements.h"

namespace skillaudit {
namespace {

constexpr std::size_t kMostText = 120;

/// Adds what `code` could do in `lines`, which did not run.
void add_reach(CoverageUnit& unit, const CodeLines& code, LineRange lines) {
  const std::string_view part = code.part(lines);
  const ReachSet reach = reach_of(part);
  if (reach.none() || unit.unexercised.size() >= kMostUnexercised) return;
  const std::string_view first = trim(part.substr(0, part.find('\n')));
  unit.unexercised.push_back({lines, in_words(reach), shorten(printable(first), kMostText)});
}

/// Counts statements, and looks at what stands in those that did not run: neighbours together.
void add_lines(CoverageUnit& unit, std::string_view text, const std::vector<LineRange>& statements,
               const std::vector<LineRange>& ran) {
  const CodeLines code(text);
  unit.lines = static_cast<int>(statements.size());
  std::optional<LineRange> missed;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    if (touches(ran, statements[i])) {
      ++unit.lines_ran;
      if (missed) add_reach(unit, code, *missed);
      missed.reset();
      continue;
    }
    if (!missed) missed = statements[i];
    // A statement of another language than the shell's may go on in lines that nobody counts.
    missed->last = i + 1 == statements.size()
                       ? code.count()
                       : std::max(statements[i].last, statements[i + 1].first - 1);
  }
  if (missed) add_reach(unit, code, *missed);
}

class Units {
 public:
  Units(const Evidence& evidence, const std::vector<StepEnd>& ends)
      : evidence_(evidence), skill_(evidence.skill), ends_(ends) {
    for (const MeasuredLines& each : evidence.lines.list) measured_[each.place] = &each;
  }

  std::vector<CoverageUnit> take() {
    // An agent's steps are prompts.
    if (evidence_.agent.name.empty()) add_steps();
    add_programs();
    return std::move(units_);
  }

 private:
  const std::vector<Step>& steps() const { return evidence_.execution.steps; }

  /// Why the step did not do what it is for; empty: it did.
  [[nodiscard]] std::string why_not(std::size_t i) const {
    const Step& step = steps()[i];
    if (!step.ran) return as_code(step.reason_not_run, 200);
    const StepEnd end = end_at(ends_, i);
    return end.is_unexercised() ? what_it_wants(end) : std::string();
  }

  [[nodiscard]] bool is_program(const SkillFile& file) const {
    const SkillText* text = text_at(skill_, file.path);
    const ScriptCommand command = command_of_script(file, text);
    return !command.command.empty() || !command.reason_not_run.empty() ||
           (text != nullptr && !module_calls(*text).command.empty());
  }

  /// "SKILL.md:12", "SKILL.md:12 #3"
  [[nodiscard]] bool is_place_of_document(std::string_view name) const {
    const std::size_t colon = name.rfind(':');
    if (colon == std::string_view::npos || colon + 1 == name.size()) return false;
    const bool is_line = std::isdigit(static_cast<unsigned char>(name[colon + 1])) != 0;
    return is_line && text_at(skill_, name.substr(0, colon)) != nullptr;
  }

  /// The module of "lib/x.py: f(1), g()".
  [[nodiscard]] std::string module_of(std::string_view name) const {
    const std::size_t colon = name.find(": ");
    if (colon == std::string_view::npos) return {};
    const SkillText* text = text_at(skill_, name.substr(0, colon));
    return text != nullptr && text->executable ? text->path : std::string();
  }

  [[nodiscard]] std::optional<UnitKind> kind_of(const Step& step) const {
    if (!step.in_words.empty()) return UnitKind::Words;
    if (is_place_of_document(step.name)) return UnitKind::Block;
    if (text_at(skill_, step.name) != nullptr || !module_of(step.name).empty()) return std::nullopt;
    if (step.name.find(".json: ") == std::string::npos) return UnitKind::Command;
    return step.name.find("mcp") == std::string::npos ? UnitKind::Hook : UnitKind::Server;
  }

  void add_steps() {
    for (std::size_t i = 0; i < steps().size(); ++i) {
      const Step& first = first_try(steps(), steps()[i]);
      const std::optional<UnitKind> kind = kind_of(first);
      if (!kind) continue;
      std::string why = why_not(i);
      const auto known = std::find_if(units_.begin(), units_.end(), [&](const CoverageUnit& unit) {
        return unit.kind == *kind && unit.place == first.name;
      });
      if (known != units_.end()) {
        // One of two places is enough.
        if (known->ran) continue;
        known->ran = why.empty();
        known->why_not = std::move(why);
        continue;
      }
      CoverageUnit unit{.kind = *kind, .place = first.name, .ran = why.empty()};
      unit.why_not = std::move(why);
      add_block_lines(unit, first.command);
      units_.push_back(std::move(unit));
    }
  }

  /// A block that is given to another interpreter has its lines there, and nobody counts them.
  void add_block_lines(CoverageUnit& unit, const std::string& command) const {
    const bool is_given = command.find(" <<'END") != std::string::npos;
    const auto lines = measured_.find(unit.place);
    if (unit.kind != UnitKind::Block || !evidence_.lines.measured || is_given) return;
    if (lines == measured_.end()) return;
    add_lines(unit, command, statements_of(command, CodeLanguage::Shell), lines->second->ran);
  }

  void add_programs() {
    for (const SkillFile& file : skill_.files) {
      if (!is_program(file)) continue;
      CoverageUnit unit{.kind = UnitKind::Program, .place = file.path};
      unit.why_not = "nothing of the skill's documents runs it, and nothing it ships";
      look_at_steps(unit);
      const auto lines = measured_.find(file.path);
      const bool was_seen = lines != measured_.end() && !lines->second->ran.empty();
      // What a step started by its name is judged by that step.
      if (!is_in_step(file.path) && (was_seen || was_started(file.path))) unit.ran = true;
      if (unit.ran) unit.why_not.clear();
      add_program_lines(unit, lines == measured_.end() ? nullptr : lines->second);
      units_.push_back(std::move(unit));
    }
  }

  void look_at_steps(CoverageUnit& unit) const {
    for (std::size_t i = 0; i < steps().size(); ++i) {
      if (!evidence_.agent.name.empty()) return;
      const Step& step = steps()[i];
      if (module_of(first_try(steps(), step).name) == unit.place) unit.kind = UnitKind::Function;
      if (!mentions_file(step.command, unit.place)) continue;
      const std::string why = why_not(i);
      unit.ran = unit.ran || why.empty();
      if (!why.empty()) unit.why_not = why;
    }
  }

  [[nodiscard]] bool is_in_step(const std::string& path) const {
    return evidence_.agent.name.empty() &&
           std::any_of(steps().begin(), steps().end(),
                       [&](const Step& step) { return mentions_file(step.command, path); });
  }

  /// Whether the kernel saw it start.
  [[nodiscard]] bool was_started(const std::string& path) const {
    const auto& events = evidence_.trace.events;
    return std::any_of(events.begin(), events.end(), [&](const TraceEvent& event) {
      return event.kind == TraceKind::Exec && event.success &&
             std::any_of(event.arguments.begin(), event.arguments.end(),
                         [&](const std::string& word) {
                           return word == path || word.ends_with("/" + path);
                         });
    });
  }

  void add_program_lines(CoverageUnit& unit, const MeasuredLines* lines) const {
    const SkillText* text = text_at(skill_, unit.place);
    if (text == nullptr) return;
    std::vector<LineRange> statements;
    if (evidence_.lines.measured) statements = statements_in(*text, lines);
    if (!statements.empty())
      add_lines(unit, text->text, statements, lines == nullptr ? kNone : lines->ran);
    else if (const CodeLines code(text->text); !unit.ran)
      add_reach(unit, code, {1, code.count()});
  }

  static inline const std::vector<LineRange> kNone = {};

  const Evidence& evidence_;
  const Skill& skill_;
  const std::vector<StepEnd>& ends_;
  std::map<std::string, const MeasuredLines*> measured_;
  std::vector<CoverageUnit> units_;
};

}  // namespace

SkillCoverage coverage_of(const Evidence& evidence, const std::vector<StepEnd>& ends) {
  SkillCoverage coverage{.units = Units(evidence, ends).take(),
                         .lines_problem = evidence.lines.problem};
  return coverage;
}

}  // namespace skillaudit
