#include "harness/traffic/model_host.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/temp_dir.h"
#include "harness/traffic/compiled_policy.h"
#include "harness/traffic/flow_log.h"
#include "harness/traffic/proxy.h"
#include "tests/vm/upstream.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kPlace = "model.example.com:443";
constexpr const char* kKey = "sk-test-the-real-key-0123456789";
constexpr const char* kDecoy = "sk-test-a-worthless-decoy-01234";

ModelHost model() {
  return {.host = kPlace,
          .paths = {"/echo", "/split-echo"},
          .header = "x-api-key",
          .prefix = "",
          .decoy = kDecoy,
          .endpoint = ""};
}

std::string usage_error(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& e) {
    EXPECT_EQ(e.kind(), ErrorKind::Usage) << e.what();
    return e.what();
  }
  return {};
}

TEST(ModelHost, IsListedAheadOfTheRules) {
  Policy policy;
  policy.rules = {parse_rule("GET https://model.example.com/*")};
  policy.models = {model()};
  EXPECT_THAT(rule_lines(policy), ElementsAre("model: POST https://model.example.com/echo",
                                              "model: POST https://model.example.com/split-echo",
                                              "GET https://model.example.com/*"));
}

TEST(ModelHost, IsCompiledForTheFilterAndItsStarOpensNoQuery) {
  Policy policy;
  policy.models = {model()};
  policy.models[0].paths = {"/v1/*"};
  policy.models[0].prefix = "it's: ";
  policy.models[0].endpoint = "127.0.0.1:41234";
  const auto compiled = nlohmann::json::parse(compile_policy(policy)).at("models").at(0);
  EXPECT_EQ(compiled, nlohmann::json::parse(R"({
    "host": "model.example.com", "port": 443, "header": "x-api-key", "prefix": "it's: ",
    "decoy": "sk-test-a-worthless-decoy-01234", "endpoint": ["127.0.0.1", 41234],
    "rules": [{"text": "POST https://model.example.com/v1/*", "group": "model",
               "methods": ["POST"], "scheme": "https", "host": "model.example.com", "port": 443,
               "path": ["/v1/", ""], "decoded": ["/v1/", ""], "query": ""}]})"));
  policy.models[0].decoy = "short";
  EXPECT_THAT(usage_error([&] { static_cast<void>(compile_policy(policy)); }), HasSubstr("decoy"));
}

TEST(ModelHost, ThatTheFilterWouldRefuseIsAnError) {
  const auto error = [](const std::function<void(ModelHost&)>& change) {
    ModelHost changed = model();
    change(changed);
    return usage_error([&] { check_model_hosts({changed}); });
  };
  EXPECT_EQ(error([](ModelHost&) {}), "");
  EXPECT_THAT(error([](ModelHost& m) { m.host = "Model.example.com:443"; }),
              HasSubstr("write it as 'model.example.com:443'"));
  EXPECT_NE(error([](ModelHost& m) { m.host = "model.example.com"; }), "");
  EXPECT_THAT(error([](ModelHost& m) { m.paths.clear(); }), HasSubstr("no allowed paths"));
  EXPECT_THAT(error([](ModelHost& m) { m.paths = {"v1"}; }), HasSubstr("network rule"));
  EXPECT_THAT(error([](ModelHost& m) { m.header = "X-Api-Key"; }), HasSubstr("header"));
  EXPECT_THAT(error([](ModelHost& m) { m.prefix = "Bearer\n"; }), HasSubstr("prefix"));
  EXPECT_THAT(error([](ModelHost& m) { m.decoy = "short"; }), HasSubstr("decoy"));
  for (const char* endpoint : {"192.0.2.1:80", "127.0.0.1", "127.example.com:80", "localhost:80"})
    EXPECT_NE(error([&](ModelHost& m) { m.endpoint = endpoint; }), "") << endpoint;
  EXPECT_THAT(usage_error([] {
                ModelHost other = model();
                other.host = "model.example.com:8443";
                check_model_hosts({model(), other});
              }),
              HasSubstr("listed twice"));
}

TEST(ModelKeys, ThatCannotBeUsedAreAnErrorWhichDoesNotShowThem) {
  EXPECT_EQ(usage_error([] { check_model_keys({{kPlace, kKey}}, {model()}); }), "");
  const std::string line_break = usage_error([] {
    check_model_keys({{kPlace, std::string(kKey) + "\n"}}, {model()});
  });
  EXPECT_THAT(line_break, HasSubstr("check for a space or line break"));
  EXPECT_THAT(line_break, Not(HasSubstr(kKey)));
  EXPECT_THAT(usage_error([] {
                check_model_keys({{kPlace, kDecoy}}, {model()});
              }),
              HasSubstr("worthless"));
  EXPECT_THAT(usage_error([] {
                check_model_keys({{"MODEL.example.com:443", kKey}}, {model()});
              }),
              HasSubstr("write the host as 'model.example.com:443'"));
}

/// A real mitmdump between curl, which stands for the guest, and the servers.
class ModelTraffic : public testing::Test {
 protected:
  static void SetUpTestSuite() { upstream = std::make_unique<Upstream>(); }
  static void TearDownTestSuite() { upstream.reset(); }

  void SetUp() override {
    for (const char* folder : {"out", "work"}) fs::create_directory(dir_.path() / folder);
    ensure_certificate_authority(dir_.path() / "ca");
  }
  void start(const ModelHost& host, const ModelKeys& keys) {
    ProxySpec spec;
    spec.policy = upstream->policy();
    spec.policy.rules.push_back(parse_rule("* https://model.example.com/*"));
    spec.policy.models = {host};
    spec.out_dir = dir_.path() / "out";
    spec.ca_dir = dir_.path() / "ca";
    spec.work_dir = dir_.path() / "work";
    spec.model_keys = keys;
    proxy_ = Proxy::start(spec);
    proxy_->wait_ready();
  }
  /// The response and, on a line of its own, its status.
  std::string curl(std::vector<std::string> arguments) {
    std::vector<std::string> argv = {
        "curl",      "-qsS",
        "-m",        "30",
        "--noproxy", "",
        "--proxy",   fmt::format("http://127.0.0.1:{}", proxy_->wait_ready()),
        "--cacert",  (dir_.path() / "ca/mitmproxy-ca-cert.pem").string(),
        "-w",        "\n%{http_code}"};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    return check_output(argv);
  }
  std::string ask(const std::string& path, const std::string& key,
                  const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {"-d", "{}", "-H", "x-api-key: " + key,
                                          "https://model.example.com" + path};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return curl(arguments);
  }
  std::vector<Flow> flows() {
    proxy_->stop();
    std::vector<Gap> gaps;
    std::vector<Flow> result = parse_flow_log(read_file(dir_.path() / "out/flows.jsonl"), &gaps);
    EXPECT_THAT(gaps, testing::IsEmpty());
    return result;
  }
  static bool holds_the_key(const fs::path& file) {
    return read_file(file).find(kKey) != std::string::npos;
  }
  std::vector<std::string> files_with_the_key() {
    std::vector<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(dir_.path()))
      if (entry.is_regular_file() && holds_the_key(entry.path())) files.push_back(entry.path());
    return files;
  }

  static std::unique_ptr<Upstream> upstream;
  TempDir dir_;
  std::optional<Proxy> proxy_;
};
std::unique_ptr<Upstream> ModelTraffic::upstream;

TEST_F(ModelTraffic, CarriesTheKeyToTheHostAndNowhereElse) {
  start(model(), {{kPlace, kKey}});
  const std::string echo = ask("/echo", kDecoy);
  EXPECT_THAT(echo, testing::EndsWith("\n200"));
  EXPECT_EQ(upstream->seen_header("/echo", "x-api-key"), kKey);
  EXPECT_THAT(echo, testing::AllOf(HasSubstr(kDecoy), Not(HasSubstr(kKey))));
  EXPECT_EQ(ask("/split-echo", kDecoy), fmt::format("data: {}\n\n\n200", kDecoy));
  EXPECT_EQ(upstream->seen_header("/split-echo", "x-api-key"), kKey);
  for (const char* shown : {"cmdline", "environ"})
    EXPECT_FALSE(holds_the_key(fmt::format("/proc/{}/{}", proxy_->pid(), shown))) << shown;
  EXPECT_THAT(files_with_the_key(), testing::IsEmpty());
  const std::vector<Flow> seen = flows();
  EXPECT_THAT(files_with_the_key(), testing::IsEmpty());
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].group, "model");
  EXPECT_EQ(seen[0].rule, "model: POST https://model.example.com/echo");
  EXPECT_EQ(read_file(dir_.path() / "out" / seen[0].response_body) + "\n200", echo);
  EXPECT_EQ(read_file(dir_.path() / "out" / seen[1].response_body),
            fmt::format("data: {}\n\n", kDecoy));
}

TEST_F(ModelTraffic, IsAnsweredByTheEndpointInsteadWhichGetsTheDecoy) {
  ModelHost scripted = model();
  scripted.endpoint = upstream->plain_place();
  scripted.paths = {"/echo?at=endpoint"};
  start(scripted, {{kPlace, kKey}});
  EXPECT_THAT(ask("/echo?at=endpoint", kDecoy), testing::EndsWith("\n200"));
  EXPECT_EQ(upstream->seen_header("/echo?at=endpoint", "x-api-key"), kDecoy);
  EXPECT_EQ(upstream->seen_header("/echo?at=endpoint", "host"), "model.example.com");
  const std::vector<Flow> seen = flows();
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].scheme, "https");
  EXPECT_EQ(seen[0].host, "model.example.com");
  EXPECT_EQ(seen[0].port, 443);
  EXPECT_EQ(seen[0].status, 200);
}

TEST_F(ModelTraffic, WithAnotherKeyIsBlockedWhateverTheRulesAllow) {
  start(model(), {{kPlace, kKey}});
  for (const std::string& answer :
       {ask("/echo", "sk-test-of-an-attackers-own", {"-H", "X-Case: other"}),
        ask("/echo", kDecoy, {"-H", "Authorization: Bearer sk-of-an-attackers-own"}),
        ask("/hello.txt", kDecoy),
        curl({"-H", fmt::format("x-api-key: {}", kDecoy), "https://model.example.com/echo"})})
    EXPECT_THAT(answer, testing::EndsWith("\n403"));
  const std::vector<Flow> seen = flows();
  ASSERT_EQ(seen.size(), 4U);
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const Flow& flow = seen[i];
    EXPECT_THAT(flow.rule, HasSubstr(i < 2 ? "a key that this audit did not give to the guest"
                                           : "accepts only POST"));
    EXPECT_FALSE(flow.allowed) << flow.path;
    EXPECT_EQ(flow.status, 403);
    EXPECT_EQ(flow.response_body, "");
  }
  EXPECT_FALSE(upstream->has_seen("/hello.txt"));
}

TEST_F(ModelTraffic, WithoutAKeyIsBlocked) {
  start(model(), {});
  EXPECT_THAT(ask("/echo", kDecoy), testing::EndsWith("\n403"));
  EXPECT_THAT(flows().at(0).rule, HasSubstr("there is no key for the model's host"));
}

TEST_F(ModelTraffic, WithAKeyThatCannotBeUsedDoesNotStart) {
  const std::string message = usage_error([&] { start(model(), {{kPlace, "two words"}}); });
  EXPECT_THAT(message, testing::AllOf(HasSubstr(kPlace), Not(HasSubstr("two words"))));
}

}  // namespace
}  // namespace skillaudit
