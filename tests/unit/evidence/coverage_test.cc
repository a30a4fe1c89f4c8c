#include "harness/evidence/coverage.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "harness/evidence/coverage_json.h"

namespace skillaudit {
namespace {

using ::testing::ElementsAre;

CoverageUnit unit(UnitKind kind, bool ran, std::optional<int> lines = {}, int lines_ran = 0) {
  return {.kind = kind, .place = "x", .ran = ran, .lines = lines, .lines_ran = lines_ran};
}

TEST(Coverage, IsSaidInOneLine) {
  SkillCoverage coverage;
  EXPECT_EQ(coverage_in_words(coverage), "");
  coverage.units = {unit(UnitKind::Program, true, 3, 2)};
  EXPECT_EQ(coverage_in_words(coverage), "1 of 1 program ran, 66 % of its lines");
  coverage.units.push_back(unit(UnitKind::Program, false, 7, 0));
  coverage.units.push_back(unit(UnitKind::Block, true));
  EXPECT_EQ(coverage_in_words(coverage),
            "1 of 2 programs and 1 of 1 code block ran, 20 % of their lines");
  coverage.units = {unit(UnitKind::Block, true), unit(UnitKind::Hook, false)};
  EXPECT_EQ(coverage_in_words(coverage),
            "1 of 1 code block and 0 of 1 hook ran, lines not measured");
}

TEST(Coverage, IsWholeOnlyWhereEveryLineRan) {
  SkillCoverage coverage;
  coverage.units = {unit(UnitKind::Program, true, 1000, 999)};
  EXPECT_EQ(coverage.percent(), 99);
  EXPECT_TRUE(covers(coverage, 99.9));
  EXPECT_FALSE(covers(coverage, 100));
}

TEST(Coverage, ThatWasNotMeasuredCoversNothingUnlessThereIsNothingToMeasure) {
  SkillCoverage coverage{.units = {unit(UnitKind::Words, true)}, .lines_problem = "no"};
  EXPECT_TRUE(covers(coverage, 80));
  coverage.units.push_back(unit(UnitKind::Block, true));
  EXPECT_FALSE(covers(coverage, 80));
  EXPECT_FALSE(covers(coverage, 0));
}

TEST(Coverage, JoinsNeighbouringLines) {
  EXPECT_THAT(ranges_of({7, 3, 1, 2, 2}), ElementsAre(LineRange{1, 3}, LineRange{7, 7}));
}

TEST(Coverage, OfABundleIsReadAsItWasWritten) {
  const LineCoverage coverage{true, "in part", {{"run.sh", {{1, 3}}, {{1, 9}}}}};
  EXPECT_EQ(line_coverage_from_json(to_json(coverage)), coverage);
  EXPECT_THROW((void)line_coverage_from_json({{"measured", 1}}), nlohmann::json::exception);
}

}  // namespace
}  // namespace skillaudit
