#include "harness/model/recording.h"

#include <gmock/gmock.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/temp_dir.h"
#include "tests/unit/model/captured.h"

namespace skillaudit {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

const Redactions kThen = {{"AKIATHEN", "{{decoy:aws-access-key}}"}};
const Redactions kNow = {{"AKIANOW", "{{decoy:aws-access-key}}"}};

ToolCall running(const std::string& command) { return {"toolu_x", "bash", {{"command", command}}}; }

/// A session in which a command printed `output`; the model answers with what it saw.
std::vector<Exchange> session(const std::string& output, const std::string& secret) {
  Exchange title{captured_request("opencode-title"), {.text = "Notes"}};
  Exchange first{captured_request("opencode-first"), {.calls = {running("cat x")}}};
  Exchange second{captured_request("opencode-result"),
                  {.text = "It is " + secret, .calls = {running("echo " + secret)}}};
  second.request.messages.back().results[0].text = output;
  return {title, first, second};
}

class Recorded : public testing::Test {
 protected:
  Recording written(const std::vector<Exchange>& exchanges) {
    write_recording(file_, record(exchanges, "opencode", "1.18.33", "hello-notes"), kThen);
    return load_recording(file_);
  }
  std::string refused(const std::string& text) {
    write_file(file_, text);
    try {
      (void)load_recording(file_);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::Usage);
      return error.what();
    }
    return "accepted";
  }
  static std::string divergence(ReplayModel& model, const ModelRequest& request) {
    try {
      (void)model.answer(request);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::Evidence);
      return error.what();
    }
    return "answered";
  }
  TempDir dir_;
  std::filesystem::path file_ = dir_.path() / "recording.json";
};

TEST_F(Recorded, SessionIsReadAsItWasWritten) {
  const Recording recording = written(session("key AKIATHEN", "AKIATHEN"));
  EXPECT_EQ(recording.agent, "opencode");
  EXPECT_EQ(recording.agent_version, "1.18.33");
  EXPECT_EQ(recording.skill, "hello-notes");
  ASSERT_THAT(recording.exchanges, SizeIs(3));
  EXPECT_EQ(recording.exchanges[1].model, "claude-sonnet-4-5");
  EXPECT_EQ(recording.exchanges[1].messages[0].text,
            "\"Use the hello-notes skill to do what it does\"");
  EXPECT_THAT(recording.exchanges[1].tools, testing::ElementsAre("bash", "read", "skill"));
  EXPECT_EQ(recording.exchanges[2].messages[0].results[0].text, "key {{decoy:aws-access-key}}");
}

TEST_F(Recorded, SessionHoldsNoSecretAndNoPromptOfTheAgent) {
  (void)written(session("key AKIATHEN", "AKIATHEN"));
  EXPECT_THAT(read_file(file_),
              AllOf(Not(HasSubstr("AKIATHEN")), Not(HasSubstr("You are OpenCode")),
                    HasSubstr("{{decoy:aws-access-key}}")));
}

TEST_F(Recorded, SessionAnswersARunWithOtherSecretsPidsAndTimes) {
  ReplayModel model(
      written(
          session("key AKIATHEN, pid 4242, 2026-01-02T10:00:00Z, /tmp/tmp.Xk3vQzAbCd", "AKIATHEN")),
      kNow);
  const auto now =
      session("key AKIANOW, pid 17, 2027-11-30T23:59:59Z, /tmp/tmp.aaBBccDDee", "AKIANOW");
  EXPECT_EQ(model.unused(), 2U);
  EXPECT_EQ(model.answer(now[1].request).calls[0].arguments["command"], "cat x");
  EXPECT_EQ(model.answer(now[0].request).text, "Notes");
  const ModelReply reply = model.answer(now[2].request);
  EXPECT_EQ(reply.text, "It is AKIANOW");
  EXPECT_EQ(reply.calls[0].arguments["command"], "echo AKIANOW");
  EXPECT_EQ(reply.calls[0].id, "") << "ids are made anew";
  EXPECT_EQ(model.unused(), 0U);
}

TEST_F(Recorded, SessionThatWentAnotherWaySaysWhere) {
  ReplayModel model(written(session("all is well", "")), kNow);
  const auto now = session("all is lost", "");
  EXPECT_EQ(divergence(model, now[1].request), "answered");
  EXPECT_EQ(divergence(model, now[2].request),
            "the replay differs at exchange 3: recorded \"result: all is well\\n"
            "\", now \"result: all is lost\\n"
            "\"");
}

TEST_F(Recorded, SessionThatIsOverSaysSo) {
  ReplayModel model(written({}), kNow);
  EXPECT_THAT(divergence(model, captured_request("opencode-first")),
              StartsWith("the replay differs at exchange 1: the recording has ended"));
  EXPECT_EQ(divergence(model, captured_request("opencode-title")), "answered");
}

TEST_F(Recorded, ErrorsAreReplayedToo) {
  Exchange busy{captured_request("claude-first"),
                {.status = 529,
                 .error_type = "overloaded_error",
                 .error_message = "Busy",
                 .retry_after_s = 3}};
  Exchange page{captured_request("claude-first"), {.status = 502, .raw = "<html>"}};
  ReplayModel model(written({busy, page}), {});
  const ModelReply first = model.answer(busy.request);
  EXPECT_EQ(first.status, 529);
  EXPECT_EQ(first.error_message, "Busy");
  EXPECT_EQ(first.retry_after_s, 3);
  EXPECT_EQ(model.answer(busy.request).raw, "<html>");
}

TEST_F(Recorded, FileThatIsNoneIsRefused) {
  EXPECT_THAT(refused("x"), HasSubstr("the file is not JSON"));
  EXPECT_THAT(refused("{}"), HasSubstr("version is missing, but must be 1"));
  EXPECT_THAT(refused(R"({"version":1,"agent":"a","agent_version":"1","skill":"s",
                          "exchanges":[{"request":{"api":"x","model":"m"}}]})"),
              HasSubstr("exchanges[0].request.api is of type string, but must be an API's name"));
  EXPECT_THAT(refused(R"({"version":1,"agent":"a","agent_version":"1","skill":"s",
                          "exchanges":[{"request":{"api":"gemini","model":"m"},"reply":{}}]})"),
              HasSubstr("exchanges[0].reply.status is missing, but must be an HTTP status"));
  EXPECT_THROW((void)load_recording("/nonexistent"), Error);
}

TEST(DrawnText, IsWhatEachRunHasOtherwise) {
  const auto same = [](const char* one, const char* other) {
    return without_drawn_text(one) == without_drawn_text(other);
  };
  EXPECT_TRUE(same("pid 1, port 40000", "pid 31337, port 9"));
  EXPECT_TRUE(
      same("01234567-89ab-4cde-8fab-abcdefabcdef!", "ffffffff-ffff-4fff-bfff-ffffffffffff!"));
  EXPECT_TRUE(same("commit deadbeef", "commit 0a1b2c3d4e"));
  EXPECT_TRUE(same("/tmp/tmp.kQzRtVbXyW", "/tmp/tmp.a1b2c3d4e5"));
  EXPECT_TRUE(same("AKIAGOYTNOORCZSQGENQ", "AKIAXY5ARP2NF4HLIOBY"));
  EXPECT_TRUE(same("Sunday, November 22", "Monday, May 3"));
  EXPECT_TRUE(same("a   12 b", "a 123 b"));
  EXPECT_FALSE(same("all is well", "all is lost"));
  EXPECT_FALSE(same("{{decoy:a}}", "{{decoy:b}}"));
  EXPECT_EQ(without_drawn_text("bash scripts/note.sh"), "bash scripts/note.sh");
}

}  // namespace
}  // namespace skillaudit
