#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/consent/extent.h"
#include "harness/evidence/source.h"
#include "harness/evidence/verb.h"
#include "harness/rules/effect_class.h"
#include "harness/rules/section.h"

namespace skillaudit {

enum class Axis { Execution, Cleanliness, Security, Portability, Documentation };
inline constexpr std::array kAxes = {Axis::Execution, Axis::Cleanliness, Axis::Security,
                                     Axis::Portability, Axis::Documentation};
enum class Severity { Low, Medium, High, Critical };
enum class Grade { A, B, C, D, F };

/// "execution", "HIGH", "B": as they stand in report.json.
std::string_view name_of(Axis);
std::string_view name_of(Severity);
std::string_view name_of(Grade);
std::optional<Grade> grade_from_name(std::string_view);

/// What in the bundle proves a finding.
struct Citation {
  Source source;
  std::string text;  ///< the evidence itself, shortened and printable
};

struct Finding {
  std::string rule;  ///< id in reports/rules/: "network.unexpected-host"
  Axis axis = Axis::Execution;
  Severity severity = Severity::Low;
  std::string title;                  ///< one sentence that names the offender
  std::vector<std::string> subjects;  ///< the offenders by name, printable: "/tmp/x", "https://h"
  std::size_t unnamed = 0;            ///< offenders beside those in `subjects`
  std::vector<Citation> evidence;     ///< never empty
  std::string
      recommendation;    ///< what the author should do; empty where another finding's covers it
  double deduction = 0;  ///< points taken from the axis
  std::string attack;    ///< technique of MITRE ATT&CK, "T1552.001"; empty: none
  EffectClass effect_class = EffectClass::Ordinary;
  ConsentExtent named =
      ConsentExtent::None;  ///< by the skill's documents; of several offenders the least
  /// The further worlds in which it was seen. Those where the first clone saw nothing of it have
  /// citations of these worlds alone.
  std::vector<std::string> worlds = {};
  std::vector<ReportSection> sections = {};  ///< of a report: RubricRule::sections
  [[nodiscard]] bool is_in(ReportSection section) const {
    return std::find(sections.begin(), sections.end(), section) != sections.end();
  }
};

/// An effect that is no finding, since a document names it exactly.
struct ConsentedEffect {
  Verb verb = Verb::Read;
  std::string object;  ///< printable
  EffectClass effect_class = EffectClass::Ordinary;
  std::string rule;       ///< that would have found it
  std::string statement;  ///< the sentence that names it, printable
  std::string place;      ///< "SKILL.md:12"
};

}  // namespace skillaudit
