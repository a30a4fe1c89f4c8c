#include "harness/model/transcript.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

#include "tests/unit/model/agent_session.h"

namespace skillaudit {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

class BothWays : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(Transcript, BothWays, testing::Bool(),
                         [](const auto& stream) { return stream.param ? "Stream" : "Json"; });

TEST_P(BothWays, TellsWhatTheModelHadTheAgentDo) {
  Passed passed = session(GetParam());
  const Transcript transcript = passed.read();
  EXPECT_THAT(passed.gaps, IsEmpty());
  EXPECT_EQ(transcript.exchanges, 3U);
  EXPECT_EQ(transcript.input_tokens, 600U);
  EXPECT_EQ(transcript.output_tokens, 60U);
  EXPECT_TRUE(transcript.offered);
  EXPECT_TRUE(transcript.triggered);
  EXPECT_THAT(transcript.files_read, ElementsAre("SKILL.md"));
  EXPECT_EQ(transcript.last_text, "It rains in Oslo.");
  EXPECT_EQ(transcript.last_error, "");
  ASSERT_THAT(transcript.actions, SizeIs(2));
  const AgentAction& load = transcript.actions[0];
  EXPECT_EQ(load.tool + " " + load.kind + " " + load.what, "Skill skill weather");
  EXPECT_EQ(text_of(load.source), "flows.jsonl#1");
  EXPECT_EQ(load.time, 1001);
  EXPECT_EQ(load.result, "Launching skill: weather");
  const AgentAction& run = transcript.actions[1];
  EXPECT_EQ(run.tool + " " + run.kind + " " + run.what, "Bash shell scripts/weather.sh Oslo");
  EXPECT_EQ(text_of(run.source), "flows.jsonl#2");
  EXPECT_EQ(run.result, "It rains.");
  EXPECT_TRUE(run.answered);
  EXPECT_FALSE(run.is_error);
}

TEST(Transcript, WithoutAnExchangeIsEmpty) {
  Passed passed;
  const Transcript transcript = passed.read();
  EXPECT_EQ(transcript.exchanges, 0U);
  EXPECT_FALSE(transcript.offered);
  EXPECT_FALSE(transcript.triggered);
  EXPECT_THAT(transcript.actions, IsEmpty());
}

TEST(Transcript, ASkillThatNobodyMentionsIsNotOffered) {
  Passed passed;
  passed.skill_listing = "Available skills: weathervane, foul-weather.";
  passed.ask_claude(conversation({}), {.text = "I cannot know."});
  const Transcript transcript = passed.read();
  EXPECT_FALSE(transcript.offered);
  EXPECT_FALSE(transcript.triggered);
}

TEST(Transcript, WhatTheUserTypesOffersNothing) {
  Passed passed;
  passed.skill_listing = "Runs skills.";
  passed.ask_claude(json::array({{{"role", "user"}, {"content", "Use the weather skill."}}}),
                    {.text = "There is none."});
  EXPECT_FALSE(passed.read().offered);
}

/// Only its instructions tell the model what to do; a listing has its name and description.
TEST(Transcript, ASkillThatIsOnlyListedIsNotTriggered) {
  Passed passed;
  passed.ask_claude(conversation({}), {.text = "I cannot know."});
  const Transcript transcript = passed.read();
  EXPECT_TRUE(transcript.offered);
  EXPECT_FALSE(transcript.triggered);
  EXPECT_THAT(transcript.files_read, IsEmpty());
}

/// What the model itself says is not what it was told.
TEST(Transcript, AModelThatRecitesTheDocumentHasNotReadIt) {
  Passed passed;
  passed.ask_claude(conversation({{{"role", "assistant"}, {"content", kDocument}},
                                  {{"role", "user"}, {"content", "Really?"}}}),
                    {.text = kDocument});
  EXPECT_FALSE(passed.read().triggered);
}

std::string numbered(const std::string& text, const std::string& form) {
  std::string all;
  int number = 0;
  for (std::size_t at = 0; at < text.size(); ++number) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    all += fmt::format(fmt::runtime(form), number + 1) + text.substr(at, end - at) + "\n";
    at = end + 1;
  }
  return all;
}

TEST(Transcript, AFileIsReadAlsoWhereTheAgentNumbersItsLines) {
  for (const char* form : {"{:6}\u2192", "{:5}\t", "{:05}| ", "{}: ", ""}) {
    Passed passed;
    const json read = anthropic_call("t1", "Bash", {{"command", "cat references/units.md"}});
    passed.ask_claude(conversation({read, anthropic_result("t1", numbered(kUnits, form))}),
                      {.text = "Read."});
    const Transcript transcript = passed.read();
    EXPECT_THAT(transcript.files_read, ElementsAre("references/units.md")) << form;
    EXPECT_FALSE(transcript.triggered) << "a file beside it is not its instructions";
  }
}

TEST(Transcript, AReplyThatCameTwiceIsOneCall) {
  Passed passed;
  const ModelReply reply{.calls = {{"t1", "Bash", {{"command", "date"}}}}};
  passed.ask_claude(conversation({}), reply);
  passed.ask_claude(conversation({}), reply);
  const json call = anthropic_call("t1", "Bash", {{"command", "date"}});
  passed.ask_claude(conversation({call, anthropic_result("t1", "Monday")}), {.text = "a"});
  // Each later request repeats the conversation; what it says anew of an old call is not heard.
  passed.ask_claude(conversation({call, anthropic_result("t1", "Sunday", true)}), {.text = "b"});
  const Transcript transcript = passed.read();
  EXPECT_EQ(transcript.exchanges, 4U);
  ASSERT_THAT(transcript.actions, SizeIs(1));
  EXPECT_EQ(text_of(transcript.actions[0].source), "flows.jsonl#1");
  EXPECT_EQ(transcript.actions[0].result, "Monday");
  EXPECT_FALSE(transcript.actions[0].is_error);
}

TEST(Transcript, ACallThatNothingCameBackOfIsUnanswered) {
  Passed passed;
  passed.ask_claude(conversation({}), {.calls = {{"t1", "Bash", {{"command", "sleep 999"}}}}});
  const Transcript transcript = passed.read();
  ASSERT_THAT(transcript.actions, SizeIs(1));
  EXPECT_FALSE(transcript.actions[0].answered);
}

TEST(Transcript, TakesTheErrorsOfToolsFromTheFormatsSign) {
  Passed passed;
  passed.ask_claude(conversation({}), {.calls = {{"t1", "Bash", {{"command", "false"}}}}});
  const json call = anthropic_call("t1", "Bash", {{"command", "false"}});
  passed.ask_claude(conversation({call, anthropic_result("t1", "Exit code 1", true)}),
                    {.text = "It failed."});
  EXPECT_TRUE(passed.read().actions.at(0).is_error);
}

/// Codex has no sign for it, and says it in words.
TEST(Transcript, TakesTheErrorsOfCodexFromItsWords) {
  const auto is_error = [](const std::string& output) {
    Passed passed;
    const json tools =
        json::array({{{"type", "function"},
                      {"name", "exec_command"},
                      {"parameters", {{"properties", {{"cmd", {{"type", "string"}}}}}}}}});
    json input = json::array({{{"type", "message"},
                               {"role", "user"},
                               {"content", {{{"type", "input_text"}, {"text", "Go on."}}}}}});
    const auto ask = [&](const ModelReply& reply) {
      passed.exchange("/v1/responses",
                      {{"model", "gpt"}, {"stream", true}, {"input", input}, {"tools", tools}},
                      reply);
    };
    ask({.calls = {{"call_1", "exec_command", {{"cmd", "ls /x"}}}}});
    input.push_back({{"type", "function_call"},
                     {"name", "exec_command"},
                     {"arguments", R"({"cmd":"ls /x"})"},
                     {"call_id", "call_1"}});
    input.push_back({{"type", "function_call_output"}, {"call_id", "call_1"}, {"output", output}});
    ask({.text = "Done."});
    const Transcript transcript = passed.read();
    EXPECT_THAT(passed.gaps, IsEmpty());
    EXPECT_THAT(transcript.actions, SizeIs(1));
    EXPECT_EQ(transcript.actions.at(0).what, "ls /x");
    EXPECT_TRUE(transcript.actions.at(0).answered);
    return transcript.actions.at(0).is_error;
  };
  EXPECT_TRUE(
      is_error("Chunk ID: 1\nWall time: 0.1 seconds\nProcess exited with code 1\nOutput:\n"));
  EXPECT_TRUE(is_error("Process exited with code 127\nOutput:\nx"));
  EXPECT_FALSE(is_error("Wall time: 0.1 seconds\nProcess exited with code 0\nOutput:\nx"));
  EXPECT_FALSE(is_error("Output:\nfine"));
  // A program's own output is not the agent's word.
  EXPECT_FALSE(is_error("Process exited with code 0\nOutput:\nProcess exited with code 1\n"));
}

/// Gemini's host sends calls without ids, and its results name none.
TEST(Transcript, TellsTheCallsOfGeminiApartByTheirOrder) {
  const std::string path = "/v1beta/models/gemini-x:generateContent";
  const json tools =
      json::array({{{"functionDeclarations",
                     {{{"name", "run_shell_command"}, {"parameters", json::object()}}}}}});
  const auto call = [](const std::string& command) -> json {
    return {{"functionCall", {{"name", "run_shell_command"}, {"args", {{"command", command}}}}}};
  };
  const auto result = [](const std::string& output) -> json {
    return {{"role", "user"},
            {"parts",
             {{{"functionResponse",
                {{"name", "run_shell_command"}, {"response", {{"output", output}}}}}}}}};
  };
  Passed passed;
  json contents = json::array({{{"role", "user"}, {"parts", {{{"text", "Go on."}}}}}});
  for (const char* word : {"first", "second", "third"}) {
    const std::string command = std::string("echo ") + word;
    Flow& flow = passed.request(path, json{{"contents", contents}, {"tools", tools}}.dump());
    const json said = {{"role", "model"}, {"parts", {call(command)}}};
    flow.status = 200;
    flow.response_body = fmt::format("bodies/{}.response", flow.id);
    passed.kept[flow.response_body] =
        json{{"candidates", {{{"content", said}, {"finishReason", "STOP"}}}}}.dump();
    contents.push_back(said);
    contents.push_back(result(word));
  }
  passed.request(path, json{{"contents", contents}, {"tools", tools}}.dump());
  const Transcript transcript = passed.read();
  EXPECT_THAT(passed.gaps, IsEmpty());
  ASSERT_THAT(transcript.actions, SizeIs(3));
  EXPECT_EQ(transcript.actions[0].what, "echo first");
  EXPECT_THAT(transcript.actions[0].result, HasSubstr("first"));
  EXPECT_EQ(transcript.actions[2].what, "echo third");
  EXPECT_THAT(transcript.actions[2].result, HasSubstr("third"));
}

TEST(Transcript, SaysWhatTheModelsHostAnsweredLast) {
  Passed passed;
  passed.ask_claude(conversation({}), {.text = "hello"});
  passed.ask_claude(
      conversation({}),
      {.status = 529, .error_type = "overloaded_error", .error_message = "Overloaded"});
  EXPECT_EQ(passed.read().last_error, "HTTP 529 overloaded_error: Overloaded");
  passed.ask_claude(conversation({}), {.text = "hello again"});
  const Transcript recovered = passed.read();
  EXPECT_EQ(recovered.last_error, "");
  EXPECT_EQ(recovered.last_text, "hello again");
  Flow& broken = passed.request("/v1/messages?beta=true",
                                json{{"model", "x"}, {"messages", {kPrompt}}}.dump());
  broken.error = "the connection was lost\x1b[31m";
  EXPECT_THAT(passed.read().last_error,
              AllOf(StartsWith("the connection was lost"), testing::Not(HasSubstr("\x1b"))));
}

TEST(Transcript, AnErrorAmidAStreamIsTheHostsLastWord) {
  Passed passed;
  Flow& flow = passed.ask_claude(conversation({}), {.text = "begun"});
  passed.kept[flow.response_body] =
      "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\","
      "\"message\":\"Overloaded\"}}\n\n";
  EXPECT_EQ(passed.read().last_error, "HTTP 529 overloaded_error: Overloaded");
}

TEST(Transcript, AnExchangeThatCannotBeReadIsAGapAndTheOthersCount) {
  Passed passed = session();
  passed.kept["bodies/2.bin"] = "{\"messages\": ";
  passed.kept.erase("bodies/3.response");
  const Transcript transcript = passed.read();
  EXPECT_EQ(transcript.exchanges, 3U);
  EXPECT_THAT(transcript.actions, SizeIs(1));
  ASSERT_THAT(passed.gaps, SizeIs(2));
  EXPECT_THAT(passed.gaps[0].text,
              StartsWith("The exchange between agent and model in flows.jsonl#2 cannot be read: "));
  EXPECT_EQ(passed.gaps[1].text,
            "The exchange between agent and model in flows.jsonl#3 cannot be read: the bundle has "
            "no bodies/3.response");
}

TEST(Transcript, CountsTokensAsNoTurn) {
  Passed passed;
  Flow& flow = passed.request("/v1/messages/count_tokens?beta=true",
                              json{{"model", "x"},
                                   {"messages", {{{"role", "user"}, {"content", kDocument}}}},
                                   {"tools", {{{"name", "weather"}}}}}
                                  .dump());
  flow.status = 200;
  flow.response_body = "bodies/1.response";
  passed.kept["bodies/1.response"] = "{\"input_tokens\": 7}";
  const Transcript transcript = passed.read();
  EXPECT_FALSE(transcript.offered);
  EXPECT_FALSE(transcript.triggered);
  EXPECT_EQ(transcript.input_tokens, 0U);
  EXPECT_THAT(passed.gaps, IsEmpty());
}

TEST(Transcript, HearsNothingButTheAgentsOwnWords) {
  for (const auto& change : std::vector<std::function<void(Flow&)>>{
           [](Flow& flow) { flow.group = "user"; }, [](Flow& flow) { flow.allowed = false; },
           [](Flow& flow) { flow.method = "GET"; }, [](Flow& flow) { flow.path = "/v1/files"; }}) {
    Passed passed = session();
    for (Flow& flow : passed.flows) change(flow);
    EXPECT_EQ(passed.read().exchanges, 0U);
  }
}

TEST(Transcript, CutsWhatIsLong) {
  Passed passed;
  const std::string command(100'000, 'x');
  passed.ask_claude(conversation({}), {.calls = {{"t1", "Bash", {{"command", command}}}}});
  const json call = anthropic_call("t1", "Bash", {{"command", command}});
  passed.ask_claude(conversation({call, anthropic_result("t1", std::string(100'000, 'y'))}),
                    {.text = std::string(100'000, 'z')});
  const Transcript transcript = passed.read();
  EXPECT_LE(transcript.actions.at(0).what.size(), 4100U);
  EXPECT_LE(transcript.actions.at(0).result.size(), 4100U);
  EXPECT_LE(transcript.last_text.size(), 4100U);
}

TEST(Transcript, ShowsTheArgumentsOfAToolThatItDoesNotKnow) {
  Passed passed;
  passed.ask_claude(conversation({}), {.calls = {{"t1", "Write", {{"file_path", "/tmp/x"}}}}});
  const Transcript transcript = passed.read();
  EXPECT_EQ(transcript.actions.at(0).kind, "other");
  EXPECT_EQ(transcript.actions.at(0).what, R"({"file_path":"/tmp/x"})");
}

}  // namespace
}  // namespace skillaudit
