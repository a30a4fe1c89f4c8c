#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skillaudit {

/// Lines of a text, 1-based, both included.
struct LineRange {
  int first = 0;
  int last = 0;
  bool operator==(const LineRange&) const = default;
};

/// Sorts `lines` and joins neighbours: 3, 1, 2, 7 become 1-3 and 7.
[[nodiscard]] std::vector<LineRange> ranges_of(std::vector<int> lines);

/// What a steering clone said of one program or block.
struct MeasuredLines {
  std::string place;                     ///< a file of the skill, or the name of a step
  std::vector<LineRange> ran = {};       ///< sorted
  std::vector<LineRange> runnable = {};  ///< as its interpreter says; empty: it was not asked
  bool operator==(const MeasuredLines&) const = default;
};

/// Which lines ran in a clone that only steers: the same steps, once more, under tracing. The guest
/// says it and may lie. So it adds questions, and never answers one: what did not run in the audit
/// itself stays so, whatever stands here.
struct LineCoverage {
  bool measured = false;
  /// Why not, or why only in part; a clause without a full stop. Empty: all was measured.
  std::string problem = "this audit did not measure them";
  std::vector<MeasuredLines> list = {};  ///< by place; what nothing was said of is not here
  bool operator==(const LineCoverage&) const = default;
};

/// A part of a skill that could act.
enum class UnitKind {
  Program,   ///< a file that is run, or that others load
  Function,  ///< the functions of a module that nothing of the skill runs
  Block,     ///< a code block or command of a document
  Words,     ///< an instruction in words that was carried out as a command
  Hook,      ///< of a plugin
  Server,    ///< of a plugin, spoken to over MCP
  Command    ///< of audit.yaml or --cmd
};
inline constexpr std::array kUnitKinds = {UnitKind::Program, UnitKind::Function, UnitKind::Block,
                                          UnitKind::Words,   UnitKind::Hook,     UnitKind::Server,
                                          UnitKind::Command};
[[nodiscard]] std::string_view name_of(UnitKind);  ///< "program": as in report.json

/// Code that did not run and names what could harm.
struct UnexercisedLines {
  LineRange lines;
  std::string reach;  ///< in words: "the network, secrets"
  std::string text;   ///< its first line, printable and short
};

struct CoverageUnit {
  UnitKind kind = UnitKind::Program;
  std::string place;  ///< raw: "scripts/sync.sh", "SKILL.md:12"
  bool ran = false;
  std::string why_not;       ///< a clause, printable, code between backticks; empty: it ran
  std::optional<int> lines;  ///< that can run; none: not measured
  int lines_ran = 0;         ///< of them
  std::vector<UnexercisedLines> unexercised;  ///< at most kMostUnexercised
};
inline constexpr std::size_t kMostUnexercised = 50;

/// How much of a skill an audit exercised: of the evidence which units ran, of a steering clone
/// which of their lines.
struct SkillCoverage {
  std::vector<CoverageUnit> units;  ///< in the order of the skill: documents, then programs
  std::string lines_problem;        ///< as LineCoverage::problem

  struct Count {
    int ran = 0;
    int all = 0;
  };
  [[nodiscard]] Count count(UnitKind kind) const;
  [[nodiscard]] Count units_run() const;
  /// Of the units whose lines were measured; all 0 where none were.
  [[nodiscard]] Count lines() const;
  /// Of those lines, rounded down: 100 only where all ran. None where none were measured.
  [[nodiscard]] std::optional<int> percent() const;
};

/// Whether at least `percent` of the lines ran. Lines that were not measured count as not run;
/// where the skill has no program or block, nothing is missing.
[[nodiscard]] bool covers(const SkillCoverage& coverage, double percent);

/// "9 of 10 programs and 3 of 3 code blocks ran, 84 % of their lines"; "2 of 2 programs ran, lines
/// not measured". Empty where the skill has no unit.
[[nodiscard]] std::string coverage_in_words(const SkillCoverage& coverage);

}  // namespace skillaudit
