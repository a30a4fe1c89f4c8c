#include "harness/rules/finding.h"

namespace skillaudit {

std::string_view name_of(Axis axis) {
  switch (axis) {
    case Axis::Execution:
      return "execution";
    case Axis::Cleanliness:
      return "cleanliness";
    case Axis::Security:
      return "security";
    case Axis::Portability:
      return "portability";
    case Axis::Documentation:
      return "documentation";
  }
  return "";
}

std::string_view name_of(Severity severity) {
  switch (severity) {
    case Severity::Low:
      return "LOW";
    case Severity::Medium:
      return "MEDIUM";
    case Severity::High:
      return "HIGH";
    case Severity::Critical:
      return "CRITICAL";
  }
  return "";
}

std::string_view name_of(Grade grade) {
  static constexpr std::array<std::string_view, 5> kNames = {"A", "B", "C", "D", "F"};
  return kNames[static_cast<std::size_t>(grade)];
}

std::optional<Grade> grade_from_name(std::string_view name) {
  for (const Grade grade : {Grade::A, Grade::B, Grade::C, Grade::D, Grade::F}) {
    if (name == name_of(grade)) return grade;
  }
  return std::nullopt;
}

}  // namespace skillaudit
