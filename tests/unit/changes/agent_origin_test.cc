// What is judged as the agent's own: sessions, requests and what its programs do.
#include "harness/changes/agent_effects.h"

#include <gmock/gmock.h>

#include <map>

#include "harness/changes/process_tree.h"
#include "tests/unit/analysis/agent_builder.h"

namespace skillaudit {
namespace {

using testing::AgentBuilder;
using testing::AuditBuilder;
using ::testing::Contains;
using ::testing::ElementsAre;
using testing::folder;
using ::testing::IsEmpty;
using testing::kClaude;
using testing::kHome;
using testing::kPrograms;
using testing::regular;
using ::testing::SizeIs;

TEST(AgentRequests, AreTheAgentsWhereTheControlAsksForTheSame) {
  Evidence evidence;
  evidence.agent.control.requests = {"POST https://log.example.com:443/*/*/log"};
  const AgentEffects effects(evidence);
  const auto owns = [&](const std::string& method, const std::string& host, const std::string& path,
                        const std::string& group = "") {
    Flow flow = AuditBuilder::request(method, host, path);
    flow.group = group;
    return effects.owns(flow);
  };
  EXPECT_TRUE(owns("POST", "log.example.com", "/v1/0011ff/log"));
  EXPECT_FALSE(owns("GET", "log.example.com", "/v1/0011ff/log"));
  EXPECT_FALSE(owns("POST", "log2.example.com", "/v1/0011ff/log"));
  EXPECT_FALSE(owns("POST", "log.example.com", "/v1/secret/log"));
  EXPECT_FALSE(owns("POST", "log.example.com", "/v1/0011ff/log/x"));
  EXPECT_FALSE(owns("POST", "log.example.com", "/v1/0011ff/log", "user")) << "that one went out";
}

TEST(AgentOrigin, IsGivenToWhatTheAgentDoesWithoutASkillToo) {
  Evidence evidence;
  evidence.environment.guest_home = kHome;
  evidence.agent.control.files = {"/home/ubuntu/.claude/history.jsonl", "/tmp/claude-*"};
  evidence.before.files = {folder("/home")};
  evidence.after.files = {folder("/home"), regular(kHome + "/.claude/history.jsonl"),
                          regular("/tmp/claude-x8Zq2w"), regular("/tmp/loot")};
  std::map<std::string, Origin> origins;
  for (const FileChange& change : compare(evidence).files) origins[change.path()] = change.origin;
  EXPECT_EQ(origins[kHome + "/.claude/history.jsonl"], Origin::Agent);
  EXPECT_EQ(origins["/tmp/claude-x8Zq2w"], Origin::Agent);
  EXPECT_EQ(origins["/tmp/loot"], Origin::Skill);
}

/// `claude --continue` takes up the last session of a folder, whoever wrote it.
TEST(AgentOrigin, OfSessionsIsLostWhereThereAreMoreThanTheAgentHad) {
  const std::string sessions = kHome + "/.claude/projects/-home-ubuntu/";
  const std::string first = sessions + "b57fce5a-7d8a-479f-b998-0260a001116a.jsonl";
  const std::string second = sessions + "fc7b2c0e-0a51-4a53-9d0e-1f8e4d1b2a33.jsonl";
  Evidence evidence;
  evidence.environment.guest_home = kHome;
  evidence.agent.control.files = {sessions + "*-*-*-*-*.jsonl"};
  evidence.agent.prompts = {"Do it."};
  evidence.before.files = {folder("/home")};
  evidence.after.files = {folder("/home"), regular(first)};
  EXPECT_EQ(compare(evidence).files.front().origin, Origin::Agent);
  evidence.after.files.push_back(regular(second));
  for (const FileChange& change : compare(evidence).files)
    EXPECT_EQ(change.origin, Origin::Skill) << change.path();
  evidence.agent.prompts.push_back("Do it again.");
  for (const FileChange& change : compare(evidence).files)
    EXPECT_EQ(change.origin, Origin::Agent) << "one for each prompt: " << change.path();
}

TEST(AgentOrigin, CostsNothingWhereTheSameChangeOfTheSkillsWould) {
  AgentBuilder audit;
  audit.added(regular("/tmp/claude-x8Zq2w"), Origin::Agent);
  EXPECT_THAT(audit.assessed().findings, IsEmpty());
  audit.added(regular("/tmp/claude-loot"));
  EXPECT_THAT(audit.assessed().findings, SizeIs(1));
}

TEST(AgentDeeds, AreThoseOfItsOwnProgramsAlone) {
  TraceEvent event;
  event.kind = TraceKind::SecretRead;
  event.program = kClaude;
  event.paths = {kHome + "/.npmrc"};
  EXPECT_EQ(deed_of_agent(event, kPrograms), "secret-read " + kClaude + " " + kHome + "/.npmrc");
  EXPECT_EQ(deed_of_agent(event, ""), "");
  EXPECT_EQ(deed_of_agent(event, kPrograms + "/@anthropic"), "") << "half a name";
  for (const char* program : {"/usr/bin/cat", "/tmp/usr/local/lib/node_modules/x", "claude"}) {
    event.program = program;
    EXPECT_EQ(deed_of_agent(event, kPrograms), "") << program;
  }
  // What any program does says nothing of who it is.
  event.program = kClaude;
  for (const TraceKind kind : {TraceKind::Exec, TraceKind::Exit, TraceKind::Fork,
                               TraceKind::Connect, TraceKind::Kill, TraceKind::AuditConfig}) {
    event.kind = kind;
    EXPECT_EQ(deed_of_agent(event, kPrograms), "");
  }
}

std::vector<std::string> rules_of(const AuditBuilder& audit) {
  std::vector<std::string> rules;
  for (const Finding& finding : audit.assessed().findings) rules.push_back(finding.rule);
  return rules;
}

TEST(AgentDeeds, OfTheControlAreNotTheSkills) {
  AgentBuilder audit;
  audit.reads(AgentBuilder::kAgent, kHome + "/.npmrc");
  EXPECT_THAT(rules_of(audit), Contains("credentials.decoy-read"));
  audit.evidence.agent.control.trace = {"secret-read " + kClaude + " " + kHome + "/.npmrc"};
  EXPECT_THAT(rules_of(audit), IsEmpty());
  EXPECT_FALSE(ProcessTree(audit.evidence).of_skill(audit.evidence.trace.events.size() - 1));
  audit.reads(AgentBuilder::kAgent, kHome + "/.aws/credentials");
  EXPECT_THAT(rules_of(audit), ElementsAre("credentials.decoy-read")) << "another file";
}

TEST(AgentDeeds, OfItsChildrenAreTheSkills) {
  AgentBuilder audit;
  audit.evidence.agent.control.trace = {"secret-read " + kClaude + " " + kHome + "/.npmrc"};
  audit.starts({"cat", kHome + "/.npmrc"}).reads(500, kHome + "/.npmrc");
  EXPECT_THAT(rules_of(audit), ElementsAre("credentials.decoy-read"));
}

/// An agent's interpreter runs any script: a skill can have it do what the agent does.
TEST(AgentDeeds, OfTheAgentsProgramsInTheSkillsHandsAreTheSkills) {
  const std::string deed = "secret-read " + kClaude + " " + kHome + "/.npmrc";
  AgentBuilder below;
  below.evidence.agent.control.trace = {deed};
  below.starts({"bash", "-c", "claude steal.js"});
  below.fork(500, 600).exec(600, 500, {kClaude, "steal.js"}).reads(600, kHome + "/.npmrc");
  EXPECT_THAT(rules_of(below), ElementsAre("credentials.decoy-read"));
  AgentBuilder instead;
  instead.evidence.agent.control.trace = {deed};
  instead.starts({"bash", "-c", "exec claude steal.js"});
  instead.exec(500, AgentBuilder::kAgent, {kClaude, "steal.js"}).reads(500, kHome + "/.npmrc");
  EXPECT_THAT(rules_of(instead), ElementsAre("credentials.decoy-read"));
}

TEST(AgentDeeds, OfAHelperThatTheAgentStartsItselfAreTheAgents) {
  AgentBuilder audit;
  audit.evidence.agent.control.trace = {"secret-read " + kClaude + " " + kHome + "/.npmrc"};
  audit.fork(AgentBuilder::kAgent, 500).reads(500, kHome + "/.npmrc");
  audit.starts({kClaude, "--worker"}).reads(500, kHome + "/.npmrc");
  EXPECT_THAT(rules_of(audit), IsEmpty());
}

}  // namespace
}  // namespace skillaudit
