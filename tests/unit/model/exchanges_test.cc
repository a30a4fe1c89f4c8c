#include "harness/model/transcript.h"

#include <gmock/gmock.h>

#include "tests/unit/model/agent_session.h"

namespace skillaudit {
namespace {

using testing::SizeIs;

TEST(Exchanges, AreThoseThatWereAnswered) {
  Passed passed = session();
  passed.request("/v1/messages?beta=true", "{}");
  const auto exchanges =
      read_exchanges(passed.flows, [&](const std::string& file) { return passed.kept.at(file); });
  ASSERT_THAT(exchanges, SizeIs(3));
  EXPECT_EQ(exchanges[1].reply.text, "I run it.");
  EXPECT_EQ(exchanges[2].request.messages.size(), 5U);
}

TEST(StandsIn, WantsMostOfTheLongerLines) {
  const std::string text = "alpha line\nbeta line\ngamma line\n";
  EXPECT_TRUE(stands_in(text, "1\talpha line\n2\tbeta line\n3\tgamma line\n"));
  EXPECT_TRUE(stands_in(text, "<doc>alpha line\n\n   gamma line</doc>"));
  EXPECT_FALSE(stands_in(text, "alpha line"));
  EXPECT_FALSE(stands_in(text, ""));
}

TEST(StandsIn, ATextWithoutALineWorthTheNameStandsNowhere) {
  EXPECT_FALSE(stands_in("", "anything"));
  EXPECT_FALSE(stands_in("\n \n-\n```\n", "- ``` anything"));
}

std::optional<double> cost(const std::vector<std::string>& outputs) {
  Execution execution;
  for (const std::string& out : outputs) execution.steps.emplace_back().out = out;
  return told_cost(execution);
}

TEST(ToldCost, IsTheSumOfWhatEachRunSaysLast) {
  EXPECT_EQ(cost({}), std::nullopt);
  EXPECT_EQ(cost({"{\"cost\": 3}\n"}), std::nullopt);
  EXPECT_EQ(cost({"{\"total_cost_usd\":0.25}\n{\"total_cost_usd\":0.5,\"x\":1}\n",
                  "{\"total_cost_usd\":1}"}),
            1.5);
  for (const char* told : {"-1", "nan", "inf", "1e9", "\"2\"", ""})
    EXPECT_EQ(cost({std::string("{\"total_cost_usd\":") + told}), std::nullopt) << told;
}

}  // namespace
}  // namespace skillaudit
