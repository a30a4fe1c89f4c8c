#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/evidence/coverage.h"
#include "harness/evidence/skill.h"

namespace skillaudit {

/// A text by its lines, the first of which is 1. The text must outlive it.
class CodeLines {
 public:
  explicit CodeLines(std::string_view code);
  [[nodiscard]] int count() const { return static_cast<int>(starts_.size()) - 1; }
  [[nodiscard]] std::string_view code() const { return code_; }
  [[nodiscard]] std::string_view part(LineRange lines) const;
  /// Without its end.
  [[nodiscard]] std::string_view line(int number) const;
  [[nodiscard]] std::size_t start_of(int line) const;

 private:
  std::string_view code_;
  std::vector<std::size_t> starts_;
};

/// Whether any line of the statement is among the sorted lines that ran.
[[nodiscard]] bool touches(const std::vector<LineRange>& ran, LineRange statement);

/// Of a file of the skill; null: there is none.
[[nodiscard]] const SkillText* text_at(const Skill& skill, std::string_view path);

/// The statements of a text of the skill whose lines can be told. `lines`: what was measured of it.
[[nodiscard]] std::vector<LineRange> statements_in(const SkillText& text,
                                                   const MeasuredLines* lines);

/// Null: nothing was measured of it.
[[nodiscard]] const MeasuredLines* measured_at(const LineCoverage& coverage,
                                               std::string_view place);

}  // namespace skillaudit
