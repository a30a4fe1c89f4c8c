#include "harness/model/script.h"

#include <gmock/gmock.h>

#include "harness/base/error.h"
#include "harness/base/temp_dir.h"
#include "harness/skill/markdown_blocks.h"
#include "tests/unit/model/captured.h"
#include "tests/unit/model/simulated_agent.h"

namespace skillaudit {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

std::string refused(const std::string& text) {
  try {
    (void)parse_model_script("s.yaml", text);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Usage);
    return error.what();
  }
  return "accepted";
}

ScriptedModel scripted(const std::string& text) {
  return ScriptedModel(parse_model_script("s.yaml", text));
}

std::string why_none(ScriptedModel& model, const ModelRequest& request) {
  try {
    (void)model.answer(request);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Evidence);
    return error.what();
  }
  return "answered";
}

TEST(ModelScript, AnswersByTheFirstStepThatMatchesAndHasUsesLeft) {
  ScriptedModel model = scripted(
      "steps:\n"
      "  - when: {turn: 2}\n    reply: {text: second}\n"
      "  - when: {turn: 1, sent: 'hello-notes'}\n    times: 2\n    reply: {text: first}\n"
      "  - reply: {text: other}\n");
  const ModelRequest first = captured_request("claude-first");
  EXPECT_EQ(model.answer(first).text, "first");
  EXPECT_EQ(model.answer(captured_request("claude-result")).text, "second");
  EXPECT_EQ(model.answer(first).text, "first");
  EXPECT_EQ(model.answer(first).text, "other");
  EXPECT_THAT(why_none(model, first), StartsWith("the model script s.yaml has no step for turn 1"));
}

TEST(ModelScript, AsksForResultsToolsErrorsAndApis) {
  const ModelRequest request = captured_request("claude-result");
  const auto answers = [&](const std::string& when) {
    ScriptedModel model = scripted("steps:\n  - when: {" + when + "}\n    reply: {text: yes}\n");
    return why_none(model, request) == "answered";
  };
  EXPECT_TRUE(answers("result: '^hello from (tool|x)$'"));
  EXPECT_FALSE(answers("result: goodbye"));
  EXPECT_TRUE(answers("tool: Bash"));
  EXPECT_FALSE(answers("tool: Read"));
  EXPECT_TRUE(answers("error: false"));
  EXPECT_FALSE(answers("error: true"));
  EXPECT_TRUE(answers("api: anthropic-messages"));
  EXPECT_FALSE(answers("api: gemini"));
  EXPECT_FALSE(answers("sent: hello-notes")) << "that was sent before the last answer";
}

TEST(ModelScript, SaysWhatWasSentAndWhyTheNearestStepDoesNotAnswer) {
  ScriptedModel model = scripted(
      "steps:\n"
      "  - when: {turn: 1, tool: Read}\n    reply: {text: a}\n"
      "  - when: {turn: 2, error: true}\n    reply: {text: b}\n");
  EXPECT_EQ(why_none(model, captured_request("opencode-result")),
            "the model script s.yaml has no step for turn 2: the last tool result was \"hello from "
            "tool ada\"; tools offered: bash, read, skill; the closest step, in line 4, does not "
            "match because no new result is an error");
}

TEST(ModelScript, CallsTheToolsThatTheAgentOffers) {
  const std::string text =
      "steps:\n  - times: any\n    reply:\n      text: Look\n      calls:\n"
      "        - shell: ls\n        - read: /a\n        - skill: n\n"
      "        - tool: Odd\n          input: {a: 1, b: '1', c: [true, ~, 1.5, x], d: {}}\n";
  ScriptedModel model = scripted(text);
  const ModelReply reply = model.answer(captured_request("opencode-first"));
  ASSERT_THAT(reply.calls, SizeIs(4));
  EXPECT_EQ(reply.text, "Look");
  EXPECT_EQ(reply.calls[1].name, "read");
  EXPECT_EQ(reply.calls[3].arguments,
            nlohmann::json::parse(R"({"a":1,"b":"1","c":[true,null,1.5,"x"],"d":{}})"));
  EXPECT_THAT(why_none(model, captured_request("codex-first")),
              HasSubstr("s.yaml:2 wants the skill \"n\", but the agent offers no tool for it"));
}

TEST(ModelScript, FailsAndTalksNonsense) {
  ScriptedModel model = scripted(
      "steps:\n"
      "  - reply: {error: {status: 529, type: t, message: m, retry_after: 1}}\n"
      "  - reply: {raw: 'not json'}\n");
  const ModelReply error = model.answer(captured_request("claude-first"));
  EXPECT_EQ(error.status, 529);
  EXPECT_EQ(error.error_type, "t");
  EXPECT_EQ(error.retry_after_s, 1);
  EXPECT_EQ(model.answer(captured_request("claude-first")).raw, "not json");
}

TEST(ModelScript, LeavesHousekeepingToItself) {
  ScriptedModel model = scripted("steps:\n  - reply: {text: a}\n");
  EXPECT_EQ(model.answer(captured_request("opencode-title")).text, "Untitled");
  EXPECT_EQ(model.answer(captured_request("opencode-first")).text, "a") << "no use was lost";
  ScriptedModel own =
      scripted("steps:\n  - when: {housekeeping: true}\n    reply: {text: Title}\n");
  EXPECT_EQ(own.answer(captured_request("opencode-title")).text, "Title");
}

TEST(ModelScript, SaysWhereAndWhatIsWrongWithTheFile) {
  EXPECT_EQ(refused(""), "s.yaml:1:1: the file is empty: give it `steps`");
  EXPECT_EQ(refused("step: []"),
            "s.yaml:1:1: unknown key `step` in the script: did you mean "
            "`steps`?");
  EXPECT_EQ(refused("steps: []"), "s.yaml:1:1: `steps` must be a list with a step in it");
  EXPECT_EQ(refused("steps:\n  - when: {turn: 0}\n    reply: {text: a}"),
            "s.yaml:2:18: `turn` is `0`: give a whole number from 1 to 1000000");
  EXPECT_EQ(refused("steps:\n  - when: {trun: 1}\n    reply: {text: a}"),
            "s.yaml:2:12: unknown key `trun` in `when`: did you mean `turn`?");
  EXPECT_THAT(refused("steps:\n  - when: {sent: '('}\n    reply: {text: a}"),
              StartsWith("s.yaml:2:18: `sent`: the regular expression `(` is invalid: "));
  EXPECT_EQ(refused("steps:\n  - when: {api: gemin}\n    reply: {text: a}"),
            "s.yaml:2:17: unknown API `gemin`: did you mean `gemini`?");
  EXPECT_EQ(refused("steps:\n  - when: {error: perhaps}\n    reply: {text: a}"),
            "s.yaml:2:19: `error` is `perhaps`: give true or false");
  EXPECT_EQ(refused("steps:\n  - times: 1"), "s.yaml:2:5: the step has no `reply`: add one");
  EXPECT_EQ(refused("steps:\n  - reply: {}"),
            "s.yaml:2:12: `reply` is empty: give it `text`, `calls`, `error` or `raw`");
  EXPECT_EQ(refused("steps:\n  - reply: {error: {status: 200}}"),
            "s.yaml:2:29: `status` is `200`: give a whole number from 400 to 599");
  EXPECT_EQ(refused("steps:\n  - reply: {error: {status: 500}, text: a}"),
            "s.yaml:2:20: an `error` is the whole reply: remove the other keys");
  EXPECT_EQ(refused("steps:\n  - reply:\n      calls:\n        - {shell: ls, read: a}"),
            "s.yaml:4:11: a call is one of `shell`, `read`, `skill` and `tool`: give one of them");
  EXPECT_EQ(refused("steps:\n  - reply: {calls: ls}"),
            "s.yaml:2:20: `calls` must be a list, each item such as `- shell: ls`, but it is text");
  EXPECT_THAT(refused("steps: [\n"), StartsWith("s.yaml:"));
  EXPECT_THROW((void)load_model_script("/nonexistent/s.yaml"), Error);
}

TEST(ModelScript, OfTheManualIsRight) {
  const std::string manual = read_file(SKILLAUDIT_SOURCE_DIR "/docs/model-script.md");
  const std::vector<CodeBlock> blocks = code_blocks(manual);
  ASSERT_THAT(blocks, SizeIs(1));
  ScriptedModel model(parse_model_script("docs/model-script.md", blocks[0].code));
  const std::filesystem::path skill =
      std::filesystem::path(SKILLAUDIT_SOURCE_DIR) / "skills-examples/hello-notes";
  SimulatedAgent agent("claude", skill, "/home/ada/.claude/skills/hello-notes");
  agent.shell = [](const std::string&) { return std::string("- Water the plants"); };
  // An agent sends again what got an error 529; the simulated one takes it for an empty answer.
  EXPECT_THAT(agent.run(model), ElementsAre("skill hello-notes", HasSubstr("bash scripts/note.sh"),
                                            "read /home/ada/notes/journal.md", ""));
  EXPECT_EQ(model.answer(agent.request()).status, 529);
}

TEST(ModelScript, IsReadFromAFile) {
  const TempDir dir;
  write_file(dir.path() / "s.yaml", "steps:\n  - reply: {text: a}\n");
  EXPECT_THAT(load_model_script(dir.path() / "s.yaml").steps, SizeIs(1));
}

TEST(TextPattern, TakesTextOfAnySizeWithAnyBytes) {
  const TextPattern pattern("ab*c$");
  std::string text(100'000, 'a');
  EXPECT_FALSE(pattern.found_in(text));
  EXPECT_TRUE(pattern.found_in(text + std::string("\0abbc\nx", 7)));
  EXPECT_TRUE(pattern.found_in(text + "abbc"));
  EXPECT_FALSE(pattern.found_in(text + "abbcd"));
  EXPECT_FALSE(TextPattern("^ab").found_in(text + "ab"));
}

}  // namespace
}  // namespace skillaudit
