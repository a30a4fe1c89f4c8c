#include "harness/model/endpoint_model.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <httplib.h>

#include <thread>

#include "harness/base/error.h"
#include "harness/base/json_text.h"

namespace skillaudit {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

/// A server as Ollama and vLLM are: one model, one answer.
class Endpoint {
 public:
  Endpoint() {
    server_.Get("/v1/models", [this](const httplib::Request& request, httplib::Response& response) {
      key = request.get_header_value("Authorization");
      json list = json::array();
      for (const std::string& name : models) list.push_back({{"id", name}});
      response.set_content(json_text(json{{"data", list}}), "application/json");
    });
    server_.Post("/v1/chat/completions",
                 [this](const httplib::Request& request, httplib::Response& response) {
                   key = request.get_header_value("Authorization");
                   asked = parse_json(request.body);
                   response.status = status;
                   response.set_content(answer, "application/json");
                 });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  ~Endpoint() {
    server_.stop();
    thread_.join();
  }
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

  [[nodiscard]] std::string url() const { return fmt::format("http://127.0.0.1:{}/v1", port_); }
  void says(const json& message) {
    answer = json_text(
        json{{"choices", json::array({{{"message", message}, {"finish_reason", "stop"}}})},
             {"usage", {{"prompt_tokens", 7}, {"completion_tokens", 2}}}});
  }

  std::vector<std::string> models = {"small"};
  int status = 200;
  std::string answer;
  json asked;
  std::string key;

 private:
  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
};

ModelRequest request_of(ModelApi api) {
  ModelRequest request;
  request.api = api;
  request.messages = {
      {.role = Role::System, .text = "be brief", .parts = {"be brief"}},
      {.role = Role::User, .text = "list", .parts = {"list"}},
      {.role = Role::Assistant, .calls = {{"call_1", "shell.exec", {{"command", "ls"}}}}},
      {.role = Role::User, .results = {{"call_1", "a.txt", false}}}};
  request.tools = {{"shell.exec", {{"type", "object"}}, "function", "runs a command"},
                   {"patch", nullptr, "custom", ""},
                   {"search", nullptr, "web_search", ""}};
  return request;
}

std::string complaint(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

TEST(EndpointModel, IsAskedInItsOwnFormatWhateverTheAgentSpeaks) {
  Endpoint endpoint;
  endpoint.says({{"role", "assistant"}, {"content", "done"}});
  EndpointModel model({endpoint.url(), "", "sk-secret"});
  for (const ModelApi api : {ModelApi::AnthropicMessages, ModelApi::OpenAiResponses,
                             ModelApi::OpenAiChat, ModelApi::Gemini}) {
    const ModelReply reply = model.answer(request_of(api));
    EXPECT_EQ(reply.text, "done");
    EXPECT_EQ(reply.usage.value().input, 7U);
    EXPECT_EQ(render_reply(request_of(api), reply, 1).status, 200);
  }
  EXPECT_EQ(endpoint.key, "Bearer sk-secret");
  EXPECT_EQ(endpoint.asked["model"], "small");
  EXPECT_EQ(endpoint.asked["messages"], json::parse(R"([{"role": "system", "content": "be brief"},
              {"role": "user", "content": "list"},
              {"role": "assistant", "content": "", "tool_calls": [{"id": "call_1",
                "type": "function",
                "function": {"name": "shell_exec", "arguments": "{\"command\":\"ls\"}"}}]},
              {"role": "tool", "tool_call_id": "call_1", "content": "a.txt"}])"));
  ASSERT_EQ(endpoint.asked["tools"].size(), 2U) << "nobody searches the web for it";
  EXPECT_EQ(endpoint.asked["tools"][1]["function"]["parameters"]["required"], json({"input"}));
}

TEST(EndpointModel, CallsToolsByTheAgentsOwnNames) {
  Endpoint endpoint;
  endpoint.says(
      {{"role", "assistant"},
       {"content", nullptr},
       {"tool_calls",
        json::array(
            {{{"id", "x"},
              {"type", "function"},
              {"function", {{"name", "shell_exec"}, {"arguments", R"({"command":"pwd"})"}}}}})}});
  EndpointModel model({endpoint.url(), "small", ""});
  const ModelReply reply = model.answer(request_of(ModelApi::OpenAiResponses));
  ASSERT_EQ(reply.calls.size(), 1U);
  EXPECT_EQ(reply.calls[0].name, "shell.exec");
  EXPECT_EQ(reply.calls[0].arguments, json({{"command", "pwd"}}));
  EXPECT_EQ(endpoint.key, "") << "there is none";
}

TEST(EndpointModel, PassesRefusalsOnWithoutTheKey) {
  Endpoint endpoint;
  endpoint.status = 401;
  endpoint.answer = "invalid key sk-secret";
  EndpointModel model({endpoint.url(), "small", "sk-secret"});
  const ModelReply reply = model.answer(request_of(ModelApi::AnthropicMessages));
  EXPECT_EQ(reply.status, 401);
  EXPECT_THAT(reply.error_message, HasSubstr("invalid key [key]"));
  EXPECT_THAT(render_reply(request_of(ModelApi::AnthropicMessages), reply, 1).body,
              Not(HasSubstr("sk-secret")));
}

TEST(EndpointModel, WantsANameWhereThereAreSeveral) {
  Endpoint endpoint;
  endpoint.models = {"small", "large"};
  EXPECT_THAT(complaint([&] {
                EndpointModel({endpoint.url(), "", ""});
              }),
              HasSubstr("lists the models small, large: give one with --model-name"));
}

TEST(EndpointModel, SaysThatNobodyAnswers) {
  std::string url;
  {
    const Endpoint gone;
    url = gone.url();
  }
  EXPECT_THAT(complaint([&] { EndpointModel({url, "", ""}); }), HasSubstr("does not answer"));
  EndpointModel model({url, "small", ""});
  EXPECT_THAT(complaint([&] { (void)model.answer(request_of(ModelApi::Gemini)); }),
              HasSubstr("does not answer"));
}

TEST(EndpointModel, HasAnAddressOfHttp) {
  for (const char* good : {"http://127.0.0.1:11434/v1", "https://models.example.org/openai/v1/"})
    EXPECT_EQ(complaint([&] { check_endpoint_url(good); }), "accepted") << good;
  for (const char* bad : {"obedeint", "ftp://x/v1", "http://", "http://user:key@host/v1",
                          "http://host/v1?key=x", "http://a b/"})
    EXPECT_THAT(complaint([&] { check_endpoint_url(bad); }), HasSubstr("--model ")) << bad;
}

}  // namespace
}  // namespace skillaudit
