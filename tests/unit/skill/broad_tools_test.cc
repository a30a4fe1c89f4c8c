#include "harness/skill/broad_tools.h"

#include <gmock/gmock.h>

namespace skillaudit {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(BroadTools, AreThoseWithoutALimit) {
  EXPECT_THAT(broad_tools("*"), ElementsAre("*"));
  EXPECT_THAT(broad_tools("Bash"), ElementsAre("Bash"));
  EXPECT_THAT(broad_tools("Read, Bash, Write"), ElementsAre("Bash"));
  EXPECT_THAT(broad_tools("Bash(*) Bash(**) Bash(:*) Bash( * )"),
              ElementsAre("Bash(*)", "Bash(**)", "Bash(:*)", "Bash( * )"));
  EXPECT_THAT(broad_tools("Bash()"), ElementsAre("Bash()"));
}

TEST(BroadTools, AreThoseLimitedToWhatRunsAnything) {
  EXPECT_THAT(broad_tools("Bash(sudo:*) Bash(bash *) Bash(env:*)"),
              ElementsAre("Bash(sudo:*)", "Bash(bash *)", "Bash(env:*)"));
}

TEST(BroadTools, AreNotInALimitedList) {
  for (const char* tools :
       {"", "Read Write Glob Grep", "Bash(git:*) Bash(jq:*) Read",
        "Bash(git status), Bash(npm run *)", "Bash(bash scripts/note.sh:*) Read",
        "Bash(sudo apt-get update)", "Bash(python3:*)", "BashOutput", "WebFetch"})
    EXPECT_THAT(broad_tools(tools), IsEmpty()) << tools;
}

TEST(BroadTools, AreFoundAfterAParenthesisThatIsNeverClosed) {
  EXPECT_THAT(broad_tools("Bash(git:* Bash"), ElementsAre("Bash"));
  EXPECT_THAT(broad_tools(")) Bash"), ElementsAre("Bash"));
}

TEST(BroadTools, AreBounded) {
  std::string tools;
  for (int i = 0; i < 50; ++i)
    tools += "Bash(" + std::string(static_cast<std::size_t>(i + 1), '*') + ") ";
  EXPECT_THAT(broad_tools(tools), SizeIs(10));
  EXPECT_THAT(broad_tools("Bash Bash Bash"), SizeIs(1));
}

}  // namespace
}  // namespace skillaudit
