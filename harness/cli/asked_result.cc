#include "harness/cli/asked_result.h"

#include <charconv>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace skillaudit {

double percent_of(const std::string& text) {
  std::string_view digits = text;
  if (digits.ends_with('%')) digits.remove_suffix(1);
  double value = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool is_number = error == std::errc() && end == digits.data() + digits.size();
  // Written so that it holds for "nan" as well.
  if (!is_number || !(value >= 0 && value <= 100))
    fail(ErrorKind::Usage, "--fail-under-coverage is '{}': give a percentage from 0 to 100",
         printable(shorten(text, 40)));
  return value;
}

AskedResult read_asked(const std::string& grade, const std::string& coverage) {
  AskedResult asked;
  if (!grade.empty()) asked.grade = grade_from_name(grade);
  if (!coverage.empty()) asked.coverage = percent_of(coverage);
  return asked;
}

void add_fail_under_option(Command& command, std::string& grade) {
  command.add_option("--fail-under", grade, "Exit 1 below this grade")
      .one_of({"A", "B", "C", "D", "F"});
}

void add_coverage_option(Command& command, std::string& coverage) {
  command.add_option("--fail-under-coverage", coverage,
                     "Exit 1 if a smaller percentage of the skill's lines ran, or if the lines "
                     "were not measured");
}

}  // namespace skillaudit
