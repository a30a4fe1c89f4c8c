#include <gmock/gmock.h>
#include <httplib.h>

#include <atomic>
#include <thread>

#include "harness/base/error.h"
#include "harness/model/housekeeping.h"
#include "harness/model/model.h"
#include "tests/unit/model/captured.h"

namespace skillaudit {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

/// Answers with what it was asked last; has no answer to "no answer".
class Echo : public Model {
 public:
  ModelReply answer(const ModelRequest& request) override {
    const int now = ++inside_;
    most_ = std::max<int>(most_, now);
    std::this_thread::yield();
    const std::string text = request.messages.back().parts.back();
    --inside_;
    if (text == "no answer") throw Error(ErrorKind::Evidence, "There is none.");
    if (text == "busy") return {.status = 529, .error_message = "Overloaded", .retry_after_s = 2};
    return {.text = text};
  }
  std::atomic<int> inside_ = 0;
  std::atomic<int> most_ = 0;
};

std::string asking(const std::string& text, bool stream = false) {
  return nlohmann::json{{"model", "m"},
                        {"stream", stream},
                        {"messages", {{{"role", "user"}, {"content", text}}}},
                        {"tools", {{{"name", "Bash"}, {"input_schema", nlohmann::json::object()}}}}}
      .dump();
}

class Server : public testing::Test {
 protected:
  httplib::Response post(const std::string& path, const std::string& body) {
    httplib::Client client("127.0.0.1", server_.port());
    const httplib::Result result = client.Post(path, body, "application/json");
    return result ? *result : httplib::Response();
  }
  httplib::Response get(const std::string& path, const httplib::Headers& headers = {}) {
    httplib::Client client("127.0.0.1", server_.port());
    const httplib::Result result = client.Get(path, headers);
    return result ? *result : httplib::Response();
  }
  Echo model_;
  ModelServer server_{model_};
};

TEST_F(Server, AnswersInJson) {
  const httplib::Response response = post("/v1/messages?beta=true", asking("hello"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.get_header_value("Content-Type"), "application/json");
  EXPECT_EQ(parse_reply(ModelApi::AnthropicMessages, 200, response.body).text, "hello");
  EXPECT_EQ(server_.problem(), "");
}

TEST_F(Server, AnswersInServerSentEvents) {
  const httplib::Response response = post("/v1/messages", asking("hello", true));
  EXPECT_EQ(response.get_header_value("Content-Type"), "text/event-stream");
  EXPECT_THAT(response.body, HasSubstr("event: message_stop"));
}

TEST_F(Server, AnswersEveryAgentInItsOwnForm) {
  for (const char* name : {"claude-first", "opencode-first", "codex-first", "gemini-first"}) {
    const ModelRequest request = captured_request(name);
    const std::string path = request.api == ModelApi::Gemini
                                 ? "/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse"
                             : request.api == ModelApi::OpenAiResponses ? "/v1/responses"
                                                                        : "/v1/messages";
    const httplib::Response response = post(path, captured(name));
    EXPECT_EQ(response.status, 200) << name;
    EXPECT_NE(parse_reply(request.api, 200, response.body).text, "") << name;
  }
}

TEST_F(Server, NumbersItsReplies) {
  EXPECT_THAT(post("/v1/messages", asking("a")).body, HasSubstr("msg_00000001"));
  EXPECT_THAT(post("/v1/messages", asking("a")).body, HasSubstr("msg_00000002"));
}

TEST_F(Server, PassesErrorsOnWithTheirHeaders) {
  const httplib::Response response = post("/v1/messages", asking("busy"));
  EXPECT_EQ(response.status, 529);
  EXPECT_EQ(response.get_header_value("retry-after"), "2");
  EXPECT_THAT(response.body, HasSubstr("overloaded_error"));
  EXPECT_EQ(server_.problem(), "") << "an error that the model gives is an answer";
}

TEST_F(Server, AsksTheModelOneRequestAtATime) {
  std::vector<std::thread> clients;
  std::atomic<int> right = 0;
  for (int client = 0; client < 8; ++client)
    clients.emplace_back([&, client] {
      for (int i = 0; i < 10; ++i) {
        const std::string text = std::to_string(client) + "/" + std::to_string(i);
        const httplib::Response response = post("/v1/messages", asking(text));
        if (response.status == 200 &&
            parse_reply(ModelApi::AnthropicMessages, 200, response.body).text == text)
          ++right;
      }
    });
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(right, 80);
  EXPECT_EQ(model_.most_, 1);
}

TEST_F(Server, RefusesEverythingOnceTheModelHasNoAnswer) {
  const httplib::Response response = post("/v1/messages", asking("no answer"));
  EXPECT_EQ(response.status, 400);
  EXPECT_THAT(parse_reply(ModelApi::AnthropicMessages, 400, response.body).error_message,
              HasSubstr("There is none."));
  EXPECT_THAT(server_.problem(),
              AllOf(HasSubstr("There is none."), HasSubstr("\"no answer\""), HasSubstr("Bash")));
  EXPECT_EQ(post("/v1/messages", asking("hello")).status, 400);
  EXPECT_EQ(post("/v1/messages/count_tokens", asking("hello")).status, 400);
  const std::string first = server_.problem();
  EXPECT_EQ(post("/v1/messages", "broken").status, 400);
  EXPECT_EQ(server_.problem(), first);
}

TEST_F(Server, SaysWhichRequestCannotBeRead) {
  const httplib::Response response = post("/v1/responses", "broken \x1b");
  EXPECT_EQ(response.status, 400);
  EXPECT_THAT(parse_reply(ModelApi::OpenAiResponses, 400, response.body).error_message,
              HasSubstr("is not JSON"));
  EXPECT_THAT(server_.problem(), HasSubstr("broken \\x1b"));
}

TEST_F(Server, CountsTokensWithoutTheModel) {
  const httplib::Response response =
      post("/v1/messages/count_tokens?beta=true", asking("no answer"));
  EXPECT_EQ(response.status, 200);
  EXPECT_GT(nlohmann::json::parse(response.body)["input_tokens"], 0);
}

TEST_F(Server, AnswersWhatIsAskedOnTheSide) {
  EXPECT_EQ(get("/").status, 200);
  EXPECT_THAT(get("/").body, IsEmpty());
  httplib::Client client("127.0.0.1", server_.port());
  EXPECT_EQ(client.Head("/")->status, 200);
  EXPECT_EQ(get("/v1/models").body, R"({"object":"list","data":[]})");
  EXPECT_THAT(get("/v1/models", {{"anthropic-version", "2023-06-01"}}).body, HasSubstr("has_more"));
  EXPECT_EQ(get("/v1beta/models").body, R"({"models":[]})");
  EXPECT_EQ(get("/other").status, 404);
  EXPECT_EQ(post("/api/event_logging", "{}").status, 404);
  EXPECT_EQ(client.Delete("/v1/messages")->status, 404);
  EXPECT_EQ(server_.problem(), "");
}

TEST_F(Server, RefusesABodyThatIsTooLarge) {
  const httplib::Response response = post("/v1/messages", std::string(kMostModelBytes + 1, ' '));
  EXPECT_EQ(response.status, 413);
  EXPECT_THAT(server_.problem(), HasSubstr("413"));
}

TEST(ModelServer, EndsWhileAClientIsConnected) {
  Echo model;
  auto server = std::make_unique<ModelServer>(model);
  httplib::Client connected("127.0.0.1", server->port());
  connected.set_keep_alive(true);
  EXPECT_EQ(connected.Post("/v1/messages", asking("a"), "application/json")->status, 200);
  server.reset();
  EXPECT_FALSE(connected.Post("/v1/messages", asking("a"), "application/json"));
}

TEST(Describe, ShowsTheLastThingSaidAndTheTools) {
  EXPECT_EQ(describe(captured_request("opencode-result")),
            "the last tool result was \"hello from tool ada\"; tools offered: bash, read, "
            "skill");
  EXPECT_THAT(describe(captured_request("opencode-title")), HasSubstr("no tools were offered"));
  EXPECT_EQ(describe({}), "it has no message; no tools were offered");
}

TEST(Housekeeping, AnswersWithTheLeastThatFitsTheSchema) {
  ModelRequest request;
  EXPECT_TRUE(is_housekeeping(request));
  EXPECT_EQ(housekeeping_reply(request).text, "Untitled");
  request.response_schema = nlohmann::json::parse(R"({"type":"object",
    "properties":{"title":{"type":"string"},"kind":{"enum":["a","b"]},"share":{"type":"NUMBER"},
      "count":{"type":["null","integer"]},"low":{"type":"integer","minimum":5},
      "list":{"type":"array","items":{"type":"string"}},"yes":{"type":"boolean"},
      "deep":{"properties":{"x":{"const":"y"}},"required":["x"]},"left":{"type":"string"}},
    "required":["title","kind","share","count","low","list","yes","deep","unknown"]})");
  EXPECT_EQ(nlohmann::json::parse(housekeeping_reply(request).text),
            nlohmann::json::parse(R"({"title":"Untitled","kind":"a","share":0,"count":1,"low":5,
              "list":[],"yes":false,"deep":{"x":"y"},"unknown":"Untitled"})"));
}

}  // namespace
}  // namespace skillaudit
