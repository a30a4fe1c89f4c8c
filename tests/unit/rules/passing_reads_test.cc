#include <gmock/gmock.h>

#include "tests/unit/analysis/trace_builder.h"

namespace skillaudit {
namespace {

using ::testing::ElementsAre;
using testing::kHome;
using testing::TraceBuilder;

const std::string kEnv = kHome + "/projects/x/.env";

std::vector<std::string> credentials(const testing::AuditBuilder& audit) {
  std::vector<std::string> rules;
  for (const Finding& finding : audit.assessed().findings)
    if (finding.rule.starts_with("credentials."))
      rules.push_back(finding.rule + " " + std::string(name_of(finding.severity)));
  return rules;
}

/// One program, started in a folder, that opens a secret.
struct Search : TraceBuilder {
  Search(std::vector<std::string> words, const std::string& folder, const std::string& path) {
    evidence.decoys.push_back({"token", kEnv, "NONCE"});
    fork(kShell, 101).exec(101, kShell, std::move(words));
    evidence.trace.events.back().folder = folder;
    reads(101, path);
  }
};

TEST(PassingReads, ASearchThatComesAcrossASecretIsANote) {
  const std::vector<std::string> note = {"credentials.read-in-passing LOW"};
  EXPECT_EQ(credentials(Search({"grep", "-rn", "TODO", "."}, kHome + "/projects", kEnv)), note);
  EXPECT_EQ(credentials(Search({"grep", "-rlI", "PermitRootLogin", "/etc"}, kHome, "/etc/shadow")),
            note);
  EXPECT_EQ(Search({"grep", "-rn", "TODO", "."}, kHome + "/projects", kEnv).assessed().verdict,
            Verdict::Approved);
}

TEST(PassingReads, OneThatIsAimedAtASecretIsNot) {
  const std::vector<std::string> read = {"credentials.decoy-read HIGH"};
  const std::string projects = kHome + "/projects";
  EXPECT_EQ(credentials(Search({"grep", "-n", ".", "x/.env"}, projects, kEnv)), read);
  EXPECT_EQ(credentials(Search({"grep", "-r", "API_KEY", "."}, projects, kEnv)), read);
  EXPECT_EQ(credentials(Search({"grep", "-r", "x", ".ssh"}, kHome, kHome + "/.ssh/id_ed25519")),
            read);
  EXPECT_EQ(credentials(Search({"cat", "x/.env"}, projects, kEnv)), read);
  EXPECT_EQ(credentials(Search({"/tmp/grep", "-rn", "TODO", "."}, projects, kEnv)), read);
}

TEST(PassingReads, WhatIsSentKeptOrShownAfterwardsWasNotPassed) {
  const auto search = [] {
    return Search({"grep", "-rn", "TODO", "."}, kHome + "/projects", kEnv);
  };
  Search sent = search();
  sent.add(sent.request("GET", "api.example", "/"));
  EXPECT_THAT(credentials(sent), ElementsAre("credentials.read-in-passing LOW"));
  sent.evidence.unexplained = {{source::flow(1), "path", "x", 20}};
  EXPECT_THAT(credentials(sent), ElementsAre("credentials.decoy-read HIGH"));
  Search shown = search();
  shown.evidence.execution.steps[0].out = "x/.env:TOKEN=NONCE";
  EXPECT_THAT(credentials(shown), ElementsAre("credentials.decoy-read HIGH"));
  Search kept = search();
  kept.evidence.decoy_sightings.push_back(
      {"token", source::after(Table::Files), "/home/ubuntu/x", "raw"});
  EXPECT_THAT(credentials(kept), ::testing::Contains("credentials.decoy-read HIGH"));
}

TEST(PassingReads, AScriptThatGoesThroughAWholeTreePasses) {
  for (const int others : {0, 1, 2}) {
    TraceBuilder audit;
    audit.evidence.decoys.push_back({"token", kEnv, "NONCE"});
    audit.fork(TraceBuilder::kShell, 101);
    audit.exec(101, TraceBuilder::kShell, {"python3", "scripts/todo.py"});
    for (int i = 0; i < others; ++i)
      audit.at(TraceKind::DocumentRead, 101, kHome + "/projects/x/" + std::to_string(i));
    audit.reads(101, kEnv);
    EXPECT_THAT(credentials(audit), ElementsAre(others < 2 ? "credentials.decoy-read HIGH"
                                                           : "credentials.read-in-passing LOW"));
  }
}

}  // namespace
}  // namespace skillaudit
