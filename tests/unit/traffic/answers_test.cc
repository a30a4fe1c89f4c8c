#include "harness/traffic/answers.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/traffic/compiled_policy.h"
#include "harness/traffic/stubs.h"

namespace skillaudit {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

TEST(AnswersPolicy, IsCompiledForTheFilter) {
  Policy policy;
  policy.answers = {.everybody = true, .expected = {{"enabled", ""}, {"mode", "live"}}};
  policy.answers.stubs = stubs_of({{.request = "GET https://api.example/v1/*",
                                    .replies = {{.status = 201,
                                                 .headers = {{"X-One", "1"}},
                                                 .body = std::string("\0\xff", 2),
                                                 .delay = std::chrono::milliseconds(250),
                                                 .failure = StubReply::Failure::Close}}}},
                                  ErrorKind::Usage);
  const nlohmann::json answers = nlohmann::json::parse(compile_policy(policy)).at("answers");
  EXPECT_EQ(answers.at("everybody"), true);
  EXPECT_EQ(answers.at("expected").dump(), R"([["enabled",""],["mode","live"]])");
  const nlohmann::json& stub = answers.at("stubs").at(0);
  EXPECT_EQ(stub.at("request").at("host"), "api.example");
  EXPECT_EQ(
      stub.at("replies").dump(),
      R"([{"body":"AP8=","delay":0.25,"failure":"close","headers":[["X-One","1"]],"status":201}])");
  EXPECT_THAT(rule_lines(policy), ElementsAre("answered here: GET https://api.example/v1/*",
                                              "answered here: every other host"));
}

TEST(AnswersPolicy, AnAuthorsStubsAnswerOnlyWhereEveryHostDoes) {
  Policy policy;
  policy.answers.of_author = {{parse_rule("GET https://a.example/"), {{.body = "on"}}}};
  const auto compiled = [&] {
    return nlohmann::json::parse(compile_policy(policy)).at("answers").at("stubs").size();
  };
  EXPECT_EQ(compiled(), 0U);
  policy.answers.everybody = true;
  EXPECT_EQ(compiled(), 1U);
}

TEST(AnswersPolicy, OfAPolicyWithoutThemIsNobody) {
  const nlohmann::json answers = nlohmann::json::parse(compile_policy({})).at("answers");
  EXPECT_EQ(answers.dump(), R"({"everybody":false,"expected":[],"stubs":[]})");
}

TEST(AnswersPolicy, AStubWithARequestThatIsNoRuleIsRefusedWithItsPlace) {
  try {
    (void)stubs_of({{.request = "GET api.example", .replies = {{}}, .place = "audit.yaml:3:5"}},
                   ErrorKind::Skill);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Skill);
    EXPECT_THAT(error.what(), AllOf(StartsWith("audit.yaml:3:5: "), HasSubstr("GET api.example")));
  }
}

}  // namespace
}  // namespace skillaudit
