#include "harness/base/code_spans.h"

#include <gmock/gmock.h>

namespace skillaudit {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> parts(std::string_view sentence) {
  std::vector<std::string> shown;
  for (const TextPart& part : code_spans(sentence))
    shown.push_back((part.code ? "code:" : "text:") + std::string(part.text));
  return shown;
}

TEST(CodeSpans, AreTakenOutOfASentence) {
  EXPECT_THAT(parts("`jq` and `tree` were installed"),
              ElementsAre("code:jq", "text: and ", "code:tree", "text: were installed"));
  EXPECT_THAT(parts("no code"), ElementsAre("text:no code"));
  EXPECT_THAT(parts(""), ElementsAre());
}

TEST(CodeSpans, HaveALongerFenceForANameWithBackticks) {
  EXPECT_EQ(code_span("jq"), "`jq`");
  EXPECT_EQ(code_span("echo `date`"), "`` echo `date` ``");
  EXPECT_EQ(code_span("``"), "``` `` ```");
  EXPECT_EQ(code_span(""), "``");
}

TEST(CodeSpans, AreReadBackAsTheyWereWritten) {
  for (const char* name : {"jq", "echo `date`", "`", "``", "a``b`c", " x ", "`` ` ```"}) {
    const std::string sentence = "The step " + code_span(name) + " failed";
    EXPECT_THAT(parts(sentence),
                ElementsAre("text:The step ", "code:" + std::string(name), "text: failed"))
        << name;
  }
}

TEST(CodeSpans, LeaveABacktickWithoutAPartnerInTheText) {
  EXPECT_THAT(parts("it's a ` tick"), ElementsAre("text:it's a ` tick"));
  EXPECT_THAT(parts("`` a `b`"), ElementsAre("text:`` a ", "code:b"));
}

}  // namespace
}  // namespace skillaudit
