#include "harness/evidence/coverage.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"

namespace skillaudit {

std::vector<LineRange> ranges_of(std::vector<int> lines) {
  std::sort(lines.begin(), lines.end());
  std::vector<LineRange> ranges;
  for (const int line : lines) {
    if (!ranges.empty() && line <= ranges.back().last + 1)
      ranges.back().last = std::max(ranges.back().last, line);
    else
      ranges.push_back({line, line});
  }
  return ranges;
}

std::string_view name_of(UnitKind kind) {
  switch (kind) {
    case UnitKind::Program:
      return "program";
    case UnitKind::Function:
      return "function";
    case UnitKind::Block:
      return "block";
    case UnitKind::Words:
      return "words";
    case UnitKind::Hook:
      return "hook";
    case UnitKind::Server:
      return "server";
    case UnitKind::Command:
      return "command";
  }
  return {};
}

SkillCoverage::Count SkillCoverage::count(UnitKind kind) const {
  Count count;
  for (const CoverageUnit& unit : units) {
    if (unit.kind != kind) continue;
    ++count.all;
    count.ran += unit.ran ? 1 : 0;
  }
  return count;
}

SkillCoverage::Count SkillCoverage::units_run() const {
  Count count;
  for (const CoverageUnit& unit : units) {
    ++count.all;
    count.ran += unit.ran ? 1 : 0;
  }
  return count;
}

SkillCoverage::Count SkillCoverage::lines() const {
  Count count;
  for (const CoverageUnit& unit : units) {
    if (!unit.lines) continue;
    count.all += *unit.lines;
    count.ran += unit.lines_ran;
  }
  return count;
}

std::optional<int> SkillCoverage::percent() const {
  const Count count = lines();
  if (count.all == 0) return std::nullopt;
  return static_cast<int>(100LL * count.ran / count.all);
}

bool covers(const SkillCoverage& coverage, double percent) {
  const SkillCoverage::Count lines = coverage.lines();
  if (lines.all > 0) return 100.0 * lines.ran >= percent * lines.all;
  return coverage.lines_problem.empty() ||
         std::none_of(coverage.units.begin(), coverage.units.end(), [](const CoverageUnit& unit) {
           return unit.kind == UnitKind::Program || unit.kind == UnitKind::Function ||
                  unit.kind == UnitKind::Block;
         });
}

std::string coverage_in_words(const SkillCoverage& coverage) {
  struct Named {
    UnitKind kind;
    std::string_view one;
    std::string_view more;
  };
  static constexpr std::array<Named, 7> kNamed = {
      {{UnitKind::Program, "program", "programs"},
       {UnitKind::Function, "module", "modules"},
       {UnitKind::Block, "code block", "code blocks"},
       {UnitKind::Words, "instruction in words", "instructions in words"},
       {UnitKind::Hook, "hook", "hooks"},
       {UnitKind::Server, "server", "servers"},
       {UnitKind::Command, "command", "commands"}}};
  std::vector<std::string> parts;
  int units = 0;
  for (const Named& named : kNamed) {
    const SkillCoverage::Count count = coverage.count(named.kind);
    if (count.all == 0) continue;
    units += count.all;
    parts.push_back(
        fmt::format("{} of {} {}", count.ran, count.all, count.all == 1 ? named.one : named.more));
  }
  if (parts.empty()) return {};
  std::string words = parts.back();
  parts.pop_back();
  if (!parts.empty()) words = join(parts, ", ") + " and " + words;
  const std::optional<int> percent = coverage.percent();
  return words + " ran, " +
         (percent ? fmt::format("{} % of {} lines", *percent, units == 1 ? "its" : "their")
                  : std::string("lines not measured"));
}

}  // namespace skillaudit
