#include "harness/skill/audit_manifest.h"

#include <gmock/gmock.h>

namespace skillaudit {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

AuditManifest parse(const std::string& text) { return parse_audit_manifest("audit.yaml", text); }

Scenario scenario(const std::string& lines) {
  const AuditManifest manifest = parse("scenarios:\n  - command: x\n" + lines);
  return manifest.scenarios.at(0);
}

TEST(AuditManifest, HoldsScenariosInOrder) {
  const AuditManifest manifest = parse(
      "scenarios:\n"
      "  - name: first\n    command: |\n      echo a\n      echo b\n    stdin: \"yes\\n\"\n"
      "    expect: {exit: 3}\n    timeout: 30s\n"
      "  - command: echo c\n");
  ASSERT_THAT(manifest.scenarios, SizeIs(2));
  EXPECT_EQ(manifest.scenarios[0].name, "first");
  EXPECT_EQ(manifest.scenarios[0].command, "echo a\necho b\n");
  EXPECT_EQ(manifest.scenarios[0].standard_input, "yes\n");
  EXPECT_EQ(manifest.scenarios[0].expected_exit, 3);
  EXPECT_EQ(manifest.scenarios[0].timeout_s, 30.0);
  EXPECT_EQ(manifest.scenarios[1].name, "scenario 2");
  EXPECT_EQ(manifest.scenarios[1].expected_exit, 0);
  EXPECT_EQ(manifest.scenarios[1].timeout_s, std::nullopt);
}

TEST(AuditManifest, TakesTheExpectedExitInShort) {
  EXPECT_EQ(scenario("    exit: 2\n").expected_exit, 2);
}

TEST(AuditManifest, TakesTimeoutsWithAndWithoutUnits) {
  EXPECT_EQ(scenario("    timeout: 90\n").timeout_s, 90.0);
  EXPECT_EQ(scenario("    timeout: 1.5\n").timeout_s, 1.5);
  EXPECT_EQ(scenario("    timeout: 500ms\n").timeout_s, 0.5);
  EXPECT_EQ(scenario("    timeout: 2m\n").timeout_s, 120.0);
  EXPECT_EQ(scenario("    timeout: 10 min\n").timeout_s, 600.0);
  EXPECT_EQ(scenario("    timeout: 24h\n").timeout_s, 86400.0);
}

TEST(AuditManifest, TakesDeclarationsAsAList) {
  EXPECT_THAT(parse("declares: [jq, ~/notes]\n").declares, ElementsAre("jq", "~/notes"));
}

TEST(AuditManifest, TakesDeclarationsByKind) {
  EXPECT_THAT(parse("declares:\n  packages: [jq]\n  hosts: [api.example.com]\n  services: []\n"
                    "  cron:\n  paths: [~/notes]\n")
                  .declares,
              ElementsAre("jq", "api.example.com", "~/notes"));
}

TEST(AuditManifest, TakesPromptsInOrderAndAsTheyStand) {
  EXPECT_THAT(parse("prompts:\n  - Is it raining in Oslo?\n  - |\n    Two\n    lines\n").prompts,
              ElementsAre("Is it raining in Oslo?", "Two\nlines\n"));
  EXPECT_THAT(parse("prompts: [yes, 7]\n").prompts, ElementsAre("yes", "7"));
}

TEST(AuditManifest, MayBeEmpty) {
  EXPECT_THAT(parse("prompts:\n").prompts, IsEmpty());
  EXPECT_THAT(parse("prompts: []\n").prompts, IsEmpty());
  EXPECT_THAT(parse("").scenarios, IsEmpty());
  EXPECT_THAT(parse("# nothing yet\n").scenarios, IsEmpty());
  EXPECT_THAT(parse("scenarios:\ndeclares:\n").declares, IsEmpty());
}

}  // namespace
}  // namespace skillaudit
