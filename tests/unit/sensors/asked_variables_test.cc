#include "harness/sensors/asked_variables.h"

#include <gmock/gmock.h>

#include <map>

namespace skillaudit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

const VariablePlaces kPlaces{"/h", "/h/skills/s", "/h/projects/p"};

FurnishedHome with(const std::vector<AskedVariable>& variables) {
  FurnishedHome home;
  add_variables(home, variables, kPlaces);
  return home;
}

TEST(AskedVariables, ThatNameACredentialAreDecoys) {
  const FurnishedHome home = with({{.name = "DEPLOY_TOKEN"}, {.name = "GITHUB_TOKEN"}});
  ASSERT_EQ(home.decoys.size(), 2U);
  EXPECT_EQ(home.decoys[0].name, "$DEPLOY_TOKEN");
  EXPECT_EQ(home.decoys[0].path, kInEnvironment);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ("$" + home.environment[i].first, home.decoys[i].name);
    EXPECT_THAT(home.environment[i].second, HasSubstr(home.decoys[i].nonce));
    EXPECT_LE(home.environment[i].second.size(), 63U) << "fits into one label of a name";
  }
  EXPECT_THAT(home.environment[1].second, testing::StartsWith("ghp_"));
}

TEST(AskedVariables, AreCredentialsByTheirParts) {
  for (const char* name :
       {"API_KEY", "DB_PASSWORD", "SLACK_BOT_TOKEN", "AUTH_SECRET_V2", "JIRA_PAT"})
    EXPECT_TRUE(names_credential(name)) << name;
  for (const char* name : {"MAX_TOKENS", "TOKEN_FILE", "KEY_COUNT", "MONKEY", "PATH_TO"})
    EXPECT_FALSE(names_credential(name)) << name;
}

TEST(AskedVariables, HoldWhatTheirNamesAskFor) {
  EXPECT_THAT(with({{.name = "SERVER_PORT"},
                    {.name = "API_URL"},
                    {.name = "SOURCE_DIR"},
                    {.name = "CLAUDE_PLUGIN_ROOT"},
                    {.name = "MODE", .required = true}})
                  .environment,
              ElementsAre(Pair("SERVER_PORT", "8080"), Pair("API_URL", "http://localhost:8080"),
                          Pair("SOURCE_DIR", "/h/projects/p"),
                          Pair("CLAUDE_PLUGIN_ROOT", "/h/skills/s"), Pair("MODE", "example")));
}

TEST(AskedVariables, ThatAreSwitchesOrHaveADefaultStayUnset) {
  EXPECT_THAT(with({{.name = "DRY_RUN"}, {.name = "OUT_DIR", .has_default = true}}).environment,
              IsEmpty());
  EXPECT_EQ(with({{.name = "API_KEY", .has_default = true}}).decoys.size(), 1U);
}

TEST(AskedVariables, LeaveWhatIsSetAsItIs) {
  FurnishedHome home;
  home.environment = {{"API_KEY", "known"}};
  add_variables(home, {{.name = "API_KEY"}}, kPlaces);
  EXPECT_THAT(home.environment, UnorderedElementsAre(Pair("API_KEY", "known")));
  EXPECT_THAT(home.decoys, IsEmpty());
}

}  // namespace
}  // namespace skillaudit
