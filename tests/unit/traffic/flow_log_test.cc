#include "harness/traffic/flow_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/file.h"
#include "tests/paths.h"
#include "tests/unit/gap_texts.h"

namespace skillaudit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string golden() { return read_file(SKILLAUDIT_TEST_DATA "/flows.jsonl"); }

/// The golden log's first line with one piece of it replaced.
std::string line_with(std::string_view from, std::string_view to) {
  std::string line = golden();
  line.resize(line.find('\n') + 1);
  const std::size_t at = line.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? line : line.replace(at, from.size(), to);
}

std::vector<std::string> gaps_of(std::string_view log) {
  std::vector<Gap> gaps;
  static_cast<void>(parse_flow_log(log, &gaps));
  return texts_of(gaps);
}

TEST(FlowLog, IsReadWholeAndSortedById) {
  std::vector<Gap> gaps;
  const std::vector<Flow> flows = parse_flow_log(golden(), &gaps);
  EXPECT_THAT(gaps, IsEmpty());
  ASSERT_EQ(flows.size(), 4U);
  const Flow& get = flows[0];
  EXPECT_EQ(get.id, 1);
  EXPECT_DOUBLE_EQ(get.time, 1763770000.25);
  EXPECT_EQ(get.kind, "http");
  EXPECT_EQ(get.method, "GET");
  EXPECT_EQ(get.scheme, "https");
  EXPECT_EQ(get.host, "mirror.example.com");
  EXPECT_EQ(get.port, 443);
  EXPECT_EQ(get.path, "/debian/pool/x.deb");
  EXPECT_EQ(get.query, "a=b");
  EXPECT_EQ(get.status, 200);
  EXPECT_TRUE(get.allowed);
  EXPECT_EQ(get.rule, "GET https://mirror.example.com/debian/*");
  EXPECT_EQ(get.group, "mirrors");
  EXPECT_THAT(get.request_headers, ElementsAre("Host", "User-Agent"));
  EXPECT_EQ(get.user_agent, "apt/2.6");
  EXPECT_EQ(get.response_size, 5U);
  EXPECT_EQ(get.response_sha256,
            "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
  EXPECT_EQ(get.request_sha256, "");
  EXPECT_EQ(get.request_head, "bodies/1.head");
  EXPECT_EQ(get.response_body, "");
  const Flow& post = flows[1];
  EXPECT_EQ(post.id, 2);
  EXPECT_EQ(post.status, 403);
  EXPECT_FALSE(post.allowed);
  EXPECT_EQ(post.host_header, "mirror.example.com");
  EXPECT_EQ(post.sni, "front.example.com");
  EXPECT_EQ(post.request_body, "bodies/2.bin");
  EXPECT_EQ(post.request_size, 5U);
  EXPECT_EQ(flows[2].kind, "connect");
  EXPECT_EQ(flows[2].status, std::nullopt);
  EXPECT_EQ(flows[3].kind, "tcp");
  EXPECT_THAT(flows[3].error, HasSubstr("\\xff"));
}

TEST(FlowLog, ThatIsEmptyHasNoGap) { EXPECT_THAT(gaps_of(""), IsEmpty()); }

TEST(FlowLog, ACutOffLastLineIsAGap) {
  std::string log = golden();
  log.pop_back();
  EXPECT_THAT(gaps_of(log), ElementsAre(HasSubstr("Line 4 of the flow log, its last, is cut off"),
                                        HasSubstr("does not hold flow 3")));
}

TEST(FlowLog, AMalformedLineIsAGapAndTheOthersAreRead) {
  std::vector<Gap> gaps;
  EXPECT_EQ(parse_flow_log("{\"id\": \n" + golden() + "\x1b\n", &gaps).size(), 4U);
  EXPECT_THAT(texts_of(gaps), ElementsAre(HasSubstr("Line 1 of"), HasSubstr("Line 6 of")));
  EXPECT_THAT(gaps[1].text, testing::Not(HasSubstr("\x1b")));
}

TEST(FlowLog, EachFieldIsChecked) {
  const std::pair<const char*, const char*> replacements[] = {
      {"\"id\": 1,", "\"id\": 0,"},
      {"\"id\": 1,", "\"id\": -1,"},
      {"\"id\": 1,", "\"id\": \"1\","},
      {"\"time\": 1763770000.25", "\"time\": -1"},
      {"\"kind\": \"http\"", "\"kind\": \"ftp\""},
      {"\"port\": 443", "\"port\": 65536"},
      {"\"status\": 200", "\"status\": 1000"},
      {"\"status\": 200", "\"status\": \"200\""},
      {"\"allowed\": true", "\"allowed\": 1"},
      {"\"host\": \"mirror.example.com\"", "\"host\": null"},
      {"[\"Host\", ", "[1, "},
      {"\"response_size\": 5", "\"response_size\": 5.5"},
      {"\"response_sha256\": \"2cf24", "\"response_sha256\": \"ZZZZZ"},
      {"\"response_size\": 5", "\"response_size\": 0"},
      {"\"request_size\": 0", "\"request_size\": 1"},
      {"\"request_body\": \"\"", "\"request_body\": \"../../etc/shadow\""},
      {"\"request_body\": \"\"", "\"request_body\": \"bodies/2.bin\""},
      {"\"request_head\": \"bodies/1.head\"", "\"request_head\": \"/bodies/1.head\""},
      {"\"error\": \"\"", "\"error\": \"\", \"more\": 1"},
      {"\"error\": \"\"", "\"response_body\": \"\""},
      {"\"error\": \"\"", "\"error\": \"\", \"response_body\": \"bodies/2.response\""},
      {"\"error\": \"\"", "\"error\": \"\", \"response_body\": \"bodies/1.bin\""},
      {"\"error\": \"\"", "\"error\": \"\", \"response_body\": \"\", \"more\": 1"},
      {"\"error\": \"\"", "\"mistake\": \"\""},
      {"\"user_agent\": \"apt/2.6\"", "\"user_agent\": \"\xff\""},
  };
  EXPECT_THAT(gaps_of(line_with("GET", "PUT")), IsEmpty());
  for (const auto& [from, to] : replacements)
    EXPECT_THAT(gaps_of(line_with(from, to)),
                ElementsAre(HasSubstr("Line 1 of the flow log cannot be read")))
        << to;
}

TEST(FlowLog, NamesTheResponseOfAModelAndIsReadWithoutThatFieldAsWell) {
  const std::string line =
      line_with("\"error\": \"\"", "\"response_body\": \"bodies/1.response\", \"error\": \"\"");
  std::vector<Gap> gaps;
  const std::vector<Flow> flows = parse_flow_log(line, &gaps);
  EXPECT_THAT(gaps, IsEmpty());
  ASSERT_EQ(flows.size(), 1U);
  EXPECT_EQ(flows[0].response_body, "bodies/1.response");
}

TEST(FlowLog, SaysWhatWasAnsweredInTheServersPlace) {
  std::vector<Gap> gaps;
  std::string answered = line_with("\"allowed\": true", "\"allowed\": false, \"answered\": true");
  const std::vector<Flow> flows = parse_flow_log(answered, &gaps);
  EXPECT_THAT(gaps, IsEmpty());
  ASSERT_EQ(flows.size(), 1U);
  EXPECT_TRUE(flows[0].answered);
  EXPECT_FALSE(flows[0].allowed);
  EXPECT_THAT(gaps_of(line_with("\"allowed\": true", "\"allowed\": true, \"answered\": true")),
              ElementsAre(HasSubstr("both allowed and answered")));
  EXPECT_THAT(gaps_of(line_with("\"allowed\": true", "\"allowed\": true, \"answered\": 1")),
              ElementsAre(HasSubstr("Line 1 of the flow log cannot be read")));
}

TEST(FlowLog, MissingAndRepeatedNumbersAreGaps) {
  EXPECT_THAT(gaps_of(line_with("GET", "GET") + line_with("GET", "GET")),
              ElementsAre(HasSubstr("holds flow 1 twice")));
  EXPECT_THAT(gaps_of(golden()
                          .substr(0, golden().find('\n') + 1)
                          .replace(7, 1, "3")
                          .replace(golden().find("bodies/1"), 8, "bodies/3")),
              ElementsAre(HasSubstr("does not hold the flows 1 to 2")));
}

TEST(FlowLog, ALineThatIsTooLongIsAGap) {
  EXPECT_THAT(gaps_of(std::string(2U << 20, ' ') + "\n"), ElementsAre(HasSubstr("longer than")));
}

TEST(FlowLog, DeepNestingIsAGapAndNoCrash) {
  EXPECT_THAT(gaps_of(std::string(1U << 19, '[') + "\n"), ElementsAre(HasSubstr("Line 1 of")));
}

TEST(FlowLog, NeedsNoOneToTakeTheGaps) { EXPECT_THAT(parse_flow_log("x\n", nullptr), IsEmpty()); }

}  // namespace
}  // namespace skillaudit
