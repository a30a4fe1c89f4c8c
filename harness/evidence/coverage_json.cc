#include "harness/evidence/coverage_json.h"

#include "harness/evidence/json_fields.h"

namespace skillaudit {

using json_fields::Json;
using json_fields::Of;

template <typename Visitor, Of<LineRange> T>
void fields(Visitor& visit, T& range) {
  visit.field("first", range.first).field("last", range.last);
}

template <typename Visitor, Of<MeasuredLines> T>
void fields(Visitor& visit, T& lines) {
  visit.field("place", lines.place).field("ran", lines.ran).field("runnable", lines.runnable);
}

template <typename Visitor, Of<LineCoverage> T>
void fields(Visitor& visit, T& coverage) {
  visit.field("measured", coverage.measured)
      .field("problem", coverage.problem)
      .field("list", coverage.list);
}

Json to_json(const LineCoverage& coverage) { return json_fields::written(coverage); }

LineCoverage line_coverage_from_json(const Json& json) {
  return json_fields::read_as<LineCoverage>(json, "coverage");
}

}  // namespace skillaudit
