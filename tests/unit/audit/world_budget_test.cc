#include "harness/audit/world_budget.h"

#include <gtest/gtest.h>

namespace skillaudit {
namespace {

WorldBudget budget_of(double first_s, std::optional<double> given = {}) {
  WorldBudget budget(given);
  budget.begin(first_s);
  return budget;
}

TEST(WorldBudget, IsAMinuteForASkillThatIsQuick) {
  EXPECT_EQ(budget_of(1).whole_s(), 60);
  EXPECT_EQ(budget_of(1).of_one_s(), 60);
}

TEST(WorldBudget, GrowsWithTheTimeOfTheFirstRun) {
  EXPECT_EQ(budget_of(50).whole_s(), 400);
  EXPECT_EQ(budget_of(600).whole_s(), 600) << "no skill holds a machine for hours";
  EXPECT_EQ(budget_of(100).of_one_s(), 400);
}

TEST(WorldBudget, IsWhatTheUserGives) {
  EXPECT_EQ(budget_of(100, 20).whole_s(), 20);
  EXPECT_EQ(budget_of(100, 20).of_one_s(), 20) << "one world has no more than all of them";
}

TEST(WorldBudget, IsSpentByWorlds) {
  WorldBudget budget = budget_of(1);
  EXPECT_TRUE(budget.is_left());
  budget.spend(50);
  EXPECT_EQ(budget.of_one_s(), 10);
  budget.spend(30);
  EXPECT_FALSE(budget.is_left());
  EXPECT_EQ(budget.of_one_s(), 0);
}

}  // namespace
}  // namespace skillaudit
