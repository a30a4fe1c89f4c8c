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

TEST(AuditManifest, ExpectsNothingButTheExitCodeWhereNothingIsSaid) {
  const Scenario plain = scenario("    timeout: 1s\n");
  EXPECT_EQ(plain.line, 2);
  EXPECT_EQ(plain.exit_line, 0);
  const ScenarioExpectations& expect = plain.expect;
  EXPECT_FALSE(expect.within || expect.grade || expect.verdict || expect.writes || expect.creates ||
               expect.modifies || expect.deletes || expect.contacts || expect.installs ||
               expect.findings);
  EXPECT_EQ(expect.no_processes + expect.no_persistence + expect.decoys_kept, 0);
}

TEST(AuditManifest, HoldsEachExpectationWithTheLineOfItsKey) {
  const Scenario full = scenario(
      "    expect:\n      exit: 3\n      within: 1.5m\n      grade: B\n      verdict: "
      "NEEDS_REVIEW\n"
      "      writes:\n        - ~/notes\n        - \"~\"\n      creates: [/tmp/a]\n"
      "      modifies: [~/.profile]\n      deletes: []\n      contacts: [api.example.org]\n"
      "      installs: [jq, ripgrep]\n      processes: none\n      persistence: none\n"
      "      decoys: kept\n      findings: [files.temp-left]\n");
  EXPECT_EQ(full.expected_exit, 3);
  EXPECT_EQ(full.exit_line, 4);
  const ScenarioExpectations& expect = full.expect;
  EXPECT_EQ(expect.within.value().value, 90);
  EXPECT_EQ(expect.within->line, 5);
  EXPECT_EQ(expect.grade.value().value, "B");
  EXPECT_EQ(expect.grade->line, 6);
  EXPECT_EQ(expect.verdict.value().value, "NEEDS_REVIEW");
  EXPECT_EQ(expect.verdict->line, 7);
  EXPECT_THAT(expect.writes.value().value, ElementsAre("~/notes", "~"));
  EXPECT_EQ(expect.writes->line, 8) << "of the key, not of the first item";
  EXPECT_THAT(expect.creates.value().value, ElementsAre("/tmp/a"));
  EXPECT_EQ(expect.creates->line, 11);
  EXPECT_THAT(expect.modifies.value().value, ElementsAre("~/.profile"));
  EXPECT_EQ(expect.modifies->line, 12);
  EXPECT_THAT(expect.deletes.value().value, IsEmpty());
  EXPECT_EQ(expect.deletes->line, 13);
  EXPECT_THAT(expect.contacts.value().value, ElementsAre("api.example.org"));
  EXPECT_EQ(expect.contacts->line, 14);
  EXPECT_THAT(expect.installs.value().value, ElementsAre("jq", "ripgrep"));
  EXPECT_EQ(expect.installs->line, 15);
  EXPECT_EQ(expect.no_processes, 16);
  EXPECT_EQ(expect.no_persistence, 17);
  EXPECT_EQ(expect.decoys_kept, 18);
  EXPECT_THAT(expect.findings.value().value, ElementsAre("files.temp-left"));
  EXPECT_EQ(expect.findings->line, 19);
}

TEST(AuditManifest, TakesNoFindingsAsAWordOrAsAnEmptyList) {
  for (const char* none : {"none", "[]"})
    EXPECT_THAT(scenario("    expect: {findings: " + std::string(none) + "}\n")
                    .expect.findings.value()
                    .value,
                IsEmpty());
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
