#include <gmock/gmock.h>

#include "harness/evidence/agent.h"
#include "tests/unit/gap_texts.h"

namespace skillaudit {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kDamaged = "The changed settings of agents are damaged.";

std::vector<AgentFileText> files() {
  using namespace std::string_literals;
  return {{"/home/ubuntu/.claude.json", "{\n  \"a\": 1\n}\n"},
          {"/home/ubuntu/.claude/a\nb\xff.md", "x\0y\0\n7\0z"s},
          {"/home/ubuntu/empty", ""}};
}

TEST(AgentFiles, ComeBackAsTheyWereWhateverTheyHold) {
  std::vector<Gap> gaps;
  const std::vector<AgentFileText> again = parse_agent_files(format_agent_files(files()), gaps);
  ASSERT_EQ(again.size(), 3U);
  for (std::size_t i = 0; i < again.size(); ++i) {
    EXPECT_EQ(again[i].path, files()[i].path);
    EXPECT_EQ(again[i].text, files()[i].text);
  }
  EXPECT_THAT(gaps, IsEmpty());
  EXPECT_THAT(parse_agent_files("", gaps), IsEmpty());
  EXPECT_THAT(gaps, IsEmpty());
}

TEST(AgentFiles, AreMissedWhereverTheyWereCutOff) {
  const std::string whole = format_agent_files(files());
  std::size_t at_an_end = 0;
  for (std::size_t size = 1; size < whole.size(); ++size) {
    std::vector<Gap> gaps;
    const auto read = parse_agent_files(std::string_view(whole).substr(0, size), gaps);
    EXPECT_LE(read.size(), 2U);
    if (gaps.empty())
      ++at_an_end;  // cut between two files: the bundle's manifest tells of that
    else
      EXPECT_THAT(texts_of(gaps), ElementsAre(kDamaged)) << size;
  }
  EXPECT_EQ(at_an_end, 2U);
}

TEST(AgentFiles, NeverReadBeyondTheirEnd) {
  using namespace std::string_literals;
  for (const std::string& text :
       {"/p"s, "/p\0"s, "/p\0\0x"s, "/p\0x\0y"s, "/p\0-1\0y"s, "/p\0 1\0y"s, "/p\0002\0y"s,
        "/p\00018446744073709551615\0y"s, "/p\00099999999999999999999\0y"s, "/p\0001x\0y"s}) {
    std::vector<Gap> gaps;
    EXPECT_THAT(parse_agent_files(text, gaps), IsEmpty());
    EXPECT_THAT(texts_of(gaps), ElementsAre(kDamaged));
  }
}

}  // namespace
}  // namespace skillaudit
