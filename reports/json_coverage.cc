#include "reports/json_report.h"

#include "reports/facts.h"

namespace skillaudit::json_report {
namespace {

Json unit_json(const CoverageUnit& unit) {
  Json unexercised = Json::array();
  for (const UnexercisedLines& each : unit.unexercised)
    unexercised.push_back({{"first", each.lines.first},
                           {"last", each.lines.last},
                           {"reach", each.reach},
                           {"text", each.text}});
  return {{"kind", name_of(unit.kind)},
          {"place", text(unit.place)},
          {"ran", unit.ran},
          {"why_not", unit.why_not},
          {"lines", or_null(unit.lines)},
          {"lines_ran", unit.lines_ran},
          {"unexercised", std::move(unexercised)}};
}

}  // namespace

Json coverage_of(const SkillCoverage& coverage) {
  const SkillCoverage::Count units = coverage.units_run();
  const SkillCoverage::Count lines = coverage.lines();
  Json json = {
      {"in_words", coverage_in_words(coverage)},
      {"units", {{"ran", units.ran}, {"all", units.all}}},
      {"lines", {{"ran", lines.ran}, {"all", lines.all}, {"percent", or_null(coverage.percent())}}},
      {"lines_problem", text(coverage.lines_problem)}};
  put_rows(json, "list", coverage.units, unit_json);
  return json;
}

void put_worlds(Json& json, const Evidence& evidence) {
  for (const WorldKind& kind : worlds_of(evidence))
    json["worlds"].push_back({{"name", kind.name}, {"what", kind.what}, {"judged", kind.judged}});
}

}  // namespace skillaudit::json_report
