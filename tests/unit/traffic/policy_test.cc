#include "harness/traffic/policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/temp_dir.h"
#include "harness/traffic/compiled_policy.h"
#include "harness/traffic/url_path.h"
#include "tests/paths.h"

namespace skillaudit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

nlohmann::json shared_cases() {
  return nlohmann::json::parse(read_file(SKILLAUDIT_TEST_DATA "/rules.json"));
}

/// The message of the Usage error that `action` throws; empty when it throws none.
template <typename Action>
std::string usage_error(Action action) {
  try {
    action();
  } catch (const Error& e) {
    EXPECT_EQ(e.kind(), ErrorKind::Usage) << e.what();
    return e.what();
  }
  return {};
}

TEST(Rule, IsReadAsTheSharedCasesSay) {
  int read = 0;
  const nlohmann::json cases = shared_cases();
  for (const nlohmann::json& entry : cases.at("rules")) {
    const std::string text = entry.at("rule");
    SCOPED_TRACE(text);
    if (entry.contains("error")) {
      const std::string message = usage_error([&] { static_cast<void>(parse_rule(text)); });
      EXPECT_THAT(message, HasSubstr(entry.at("error").get<std::string>()));
      EXPECT_THAT(message, HasSubstr("'GET https://example.com/path*'"));
      continue;
    }
    const Rule rule = parse_rule(text, "group-1");
    const nlohmann::json& is = entry.at("is");
    EXPECT_EQ(rule, (Rule{is[0], is[1], is[2], is[3], is[4], "group-1"}));
    EXPECT_EQ(rule_text(rule), entry.at("text"));
    EXPECT_EQ(parse_rule(rule_text(rule), "group-1"), rule);
    ++read;
  }
  EXPECT_GT(read, 5);
}

/// Each rule of the shared requests, and each that the filter suggests.
TEST(Rule, IsCompiledAsTheFilterIsTestedWith) {
  const nlohmann::json cases = shared_cases();
  nlohmann::json compiled = nlohmann::json::object();
  for (const char* section : {"requests", "suggestions"})
    for (const nlohmann::json& entry : cases.at(section)) {
      const std::string text = entry.at("rule");
      compiled[text] = compile_rule(parse_rule(text));
    }
  const std::string golden = SKILLAUDIT_TEST_DATA "/compiled_rules.json";
  if (std::getenv("SKILLAUDIT_WRITE_SAMPLES") != nullptr)
    write_file(golden, compiled.dump(1) + "\n");
  EXPECT_EQ(compiled, nlohmann::json::parse(read_file(golden)));
}

TEST(Rule, ThatTheFilterSuggestsIsInItsOneSpelling) {
  const nlohmann::json cases = shared_cases();
  for (const nlohmann::json& entry : cases.at("suggestions")) {
    const std::string text = entry.at("rule");
    EXPECT_EQ(rule_text(parse_rule(text)), text);
  }
}

TEST(Path, IsDecodedAsTheSharedCasesSay) {
  const nlohmann::json cases = shared_cases();
  for (const nlohmann::json& entry : cases.at("paths")) {
    const std::string path = entry.at("path");
    SCOPED_TRACE(path);
    const DecodedPath decoded = decode_path(path);
    EXPECT_THAT(std::string(decoded.problem), HasSubstr(entry.value("error", "")));
    EXPECT_EQ(decoded.problem.empty(), !entry.contains("error"));
    EXPECT_EQ(decoded.path, entry.value("is", ""));
  }
}

TEST(Rule, ShowsAHostileRuleEscaped) {
  EXPECT_THAT(usage_error([] { static_cast<void>(parse_rule("GET \x1b[2J\nx")); }),
              HasSubstr("\\x1b[2J\\nx"));
}

class PolicyFile : public testing::Test {
 protected:
  Policy load(std::string_view text) {
    write_file(path(), text);
    return load_policy_file(path());
  }
  std::string error(std::string_view text) {
    return usage_error([&] { load(text); });
  }
  std::filesystem::path path() const { return dir_.path() / "policy.yaml"; }

 private:
  TempDir dir_;
};

TEST_F(PolicyFile, TheShippedExampleIsOne) {
  const Policy policy = load_policy_file(SKILLAUDIT_SOURCE_DIR "/filter/policy.example.yaml");
  EXPECT_THAT(rule_lines(policy), ElementsAre("GET https://downloads.example.com/releases/*",
                                              "GET https://api.example.com/v1/status",
                                              "GET https://api.example.com/v1/search?lang=en",
                                              "POST https://api.example.com:8443/v1/messages",
                                              "GET http://mirror.example.com/debian/*"));
  EXPECT_EQ(policy.rules.front().group, "user");
  EXPECT_EQ(policy.rules.back().group, "mirrors");
  EXPECT_EQ(policy.routes,
            (std::map<std::string, std::string>{{"api.example.com:8443", "127.0.0.1:9443"}}));
}

TEST_F(PolicyFile, WrittenAndReadAgainIsTheSame) {
  Policy policy;
  policy.rules = {parse_rule("GET https://example.com/it's/*"),
                  parse_rule("* http://[2001:db8::1]:81/a?b=c", "mirrors")};
  policy.routes = {{"example.com:443", "127.0.0.1:1"}, {"[2001:db8::1]:81", "[::1]:2"}};
  policy.upstream_ca_file = "/tmp/a b's.pem";
  const Policy again = load(to_yaml(policy));
  EXPECT_EQ(again.rules, policy.rules);
  EXPECT_EQ(again.routes, policy.routes);
  EXPECT_EQ(again.upstream_ca_file, policy.upstream_ca_file);
}

TEST_F(PolicyFile, MayBeWithoutRulesAndThenAllowsNothing) {
  EXPECT_TRUE(load("rules:\n").rules.empty());
  EXPECT_TRUE(load(to_yaml(Policy{})).rules.empty());
}

TEST_F(PolicyFile, AnErrorSaysWhereItIs) {
  EXPECT_THAT(error("rules:\n  - GET https://example.com/\n  - GET example.com/\n"),
              testing::AllOf(HasSubstr(path().string() + ":3:5: "), HasSubstr("no scheme")));
  EXPECT_THAT(error("rules:\n  - [broken\n"), HasSubstr(path().string() + ":"));
}

TEST_F(PolicyFile, AnUnknownKeyComesWithTheNearestKnownOne) {
  EXPECT_THAT(error("rule: []\n"), HasSubstr(":1:1: unknown key 'rule': did you mean 'rules'?"));
  EXPECT_THAT(error("rules: [{allow: 'GET https://example.com/', grop: x}]\n"),
              HasSubstr("did you mean 'group'?"));
}

TEST_F(PolicyFile, OfAUserHasNoModels) {
  EXPECT_THAT(
      error("rules: []\nmodels: []\n"),
      testing::AllOf(HasSubstr(":2:1: "), HasSubstr("'models' is reserved for the program")));
}

TEST_F(PolicyFile, WrongShapesAreErrors) {
  EXPECT_THAT(error(""), HasSubstr("not a map"));
  EXPECT_THAT(error("- GET https://example.com/\n"), HasSubstr("not a map"));
  EXPECT_THAT(error("rules: yes\n"), HasSubstr("not a list"));
  EXPECT_THAT(error("rules: [[a]]\n"), HasSubstr("not a string"));
  EXPECT_THAT(error("rules: [{group: a}]\n"), HasSubstr("no 'allow'"));
  EXPECT_THAT(error("rules: [{allow: 'GET https://example.com/', group: 'A b'}]\n"),
              HasSubstr("not a group"));
  EXPECT_THAT(error("rules: []\nrules: []\n"), HasSubstr("is given twice"));
  EXPECT_THAT(error("routes: [a]\n"), HasSubstr("not a map"));
  EXPECT_THAT(error("routes: {example.com: '127.0.0.1:1'}\n"), HasSubstr("the port is missing"));
  EXPECT_THAT(error("routes: {'example.com:80': 'localhost:1'}\n"), HasSubstr("not an address"));
}

TEST_F(PolicyFile, ThatIsMissingOrAFolderIsAnError) {
  EXPECT_THAT(usage_error([&] { static_cast<void>(load_policy_file(path())); }),
              HasSubstr("does not exist"));
  EXPECT_THAT(usage_error([&] { static_cast<void>(load_policy_file(path().parent_path())); }),
              HasSubstr("not a file"));
}

TEST(MirrorPolicy, AllowsGetBelowEachMirrorOnce) {
  HostMirrors mirrors;
  mirrors.apt_urls = {"http://deb.example.com/debian", "http://deb.example.com/debian-security",
                      "http://deb.example.com/debian"};
  mirrors.npm_registry = "https://npm.example.com:8443/registry";
  const Policy policy = mirror_policy(mirrors);
  EXPECT_THAT(rule_lines(policy), ElementsAre("GET http://deb.example.com/debian/*",
                                              "GET http://deb.example.com/debian-security/*",
                                              "GET https://npm.example.com:8443/registry/*"));
  for (const Rule& rule : policy.rules) EXPECT_EQ(rule.group, "mirrors");
}

TEST(MirrorPolicy, OfAHostWithoutMirrorsAllowsNothing) {
  EXPECT_TRUE(mirror_policy({}).rules.empty());
}

}  // namespace
}  // namespace skillaudit
