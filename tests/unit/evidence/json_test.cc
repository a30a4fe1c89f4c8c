#include "harness/evidence/json.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/unit/evidence/json_sample.h"

namespace skillaudit {
namespace {

using Json = nlohmann::ordered_json;

/// A document that was written to a file and read again.
Json through_text(const Json& json) { return Json::parse(json.dump(2)); }

template <typename T>
void expect_equal(const std::optional<Expected<T>>& one, const std::optional<Expected<T>>& other) {
  ASSERT_TRUE(one && other);
  EXPECT_EQ(one->value, other->value);
  EXPECT_EQ(one->line, other->line);
}

void expect_equal(const ScenarioExpectations& one, const ScenarioExpectations& other) {
  expect_equal(one.within, other.within);
  expect_equal(one.grade, other.grade);
  expect_equal(one.verdict, other.verdict);
  expect_equal(one.writes, other.writes);
  expect_equal(one.creates, other.creates);
  expect_equal(one.modifies, other.modifies);
  expect_equal(one.deletes, other.deletes);
  expect_equal(one.contacts, other.contacts);
  expect_equal(one.installs, other.installs);
  expect_equal(one.findings, other.findings);
  EXPECT_EQ(one.no_processes, other.no_processes);
  EXPECT_EQ(one.no_persistence, other.no_persistence);
  EXPECT_EQ(one.decoys_kept, other.decoys_kept);
}

TEST(EvidenceJson, ASkillSurvivesTheRoundTrip) {
  const Skill skill = a_skill();
  const Skill again = skill_from_json(through_text(to_json(skill)));
  EXPECT_EQ(to_json(again).dump(), to_json(skill).dump());
  EXPECT_EQ(again.name, skill.name);
  EXPECT_EQ(again.description, skill.description);
  EXPECT_EQ(again.license, skill.license);
  EXPECT_EQ(again.compatibility, skill.compatibility);
  EXPECT_EQ(again.allowed_tools, skill.allowed_tools);
  EXPECT_EQ(again.sha256, skill.sha256);
  ASSERT_EQ(again.files.size(), 2U);
  EXPECT_EQ(again.files[0].path, "SKILL.md");
  EXPECT_EQ(again.files[0].mode, 0644U);
  EXPECT_EQ(again.files[0].size, 120U);
  EXPECT_EQ(again.files[0].sha256, std::string(64, 'b'));
  EXPECT_EQ(again.files[1].link_target, "../\u202eelsewhere");
  ASSERT_EQ(again.texts.size(), 2U);
  EXPECT_EQ(again.texts[0].text, "# Report\n");
  EXPECT_TRUE(again.texts[0].documents);
  EXPECT_TRUE(again.texts[1].executable);
  ASSERT_EQ(again.static_facts.size(), 1 + kStaticFactKinds.size());
  EXPECT_EQ(again.static_facts[0].kind, StaticFactKind::Secret);
  EXPECT_EQ(again.static_facts[0].file, "run.sh");
  EXPECT_EQ(again.static_facts[0].line, 3);
  EXPECT_EQ(again.static_facts[0].text, "GitHub token, ghp_ab…");
  ASSERT_EQ(again.hard_coded_paths.size(), 1U);
  EXPECT_EQ(again.hard_coded_paths[0].file, "run.sh");
  EXPECT_EQ(again.hard_coded_paths[0].line, 67);
  EXPECT_EQ(again.hard_coded_paths[0].path, "/home/ubuntu/.claude/cache");
  EXPECT_EQ(again.hard_coded_paths[0].suggestion, "$HOME/.claude/cache");
  ASSERT_EQ(again.scenarios.size(), 2U);
  EXPECT_EQ(again.scenarios[0].standard_input, "yes\n");
  EXPECT_EQ(again.scenarios[0].expected_exit, 3);
  EXPECT_EQ(again.scenarios[0].timeout_s, 12.5);
  EXPECT_EQ(again.scenarios[0].line, 4);
  EXPECT_EQ(again.scenarios[0].exit_line, 7);
  expect_equal(again.scenarios[0].expect, skill.scenarios[0].expect);
  EXPECT_EQ(again.scenarios[1].timeout_s, std::nullopt);
  EXPECT_FALSE(again.scenarios[1].expect.writes);
  EXPECT_EQ(again.prompts, skill.prompts);
  EXPECT_EQ(again.declares, skill.declares);
  EXPECT_EQ(again.notes, skill.notes);
}

TEST(EvidenceJson, AnEnvironmentSurvivesTheRoundTrip) {
  const Environment environment = an_environment();
  const Environment again = environment_from_json(through_text(to_json(environment)));
  EXPECT_EQ(to_json(again).dump(), to_json(environment).dump());
  EXPECT_EQ(again.os, environment.os);
  EXPECT_EQ(again.memory_mib, 1024);
  EXPECT_EQ(again.disk_mib, 8192);
  EXPECT_EQ(again.cpus, 2);
  EXPECT_EQ(again.guest_home, "/home/ubuntu");
  EXPECT_EQ(again.network, "mirrors");
  EXPECT_EQ(again.rules, environment.rules);
}

TEST(EvidenceJson, AnExecutionSurvivesTheRoundTrip) {
  const Execution execution = an_execution();
  const Execution again = execution_from_json(through_text(to_json(execution)));
  EXPECT_EQ(to_json(again).dump(), to_json(execution).dump());
  EXPECT_EQ(again.runner, "walkthrough");
  EXPECT_EQ(again.aborted, "time-out of 600 s");
  ASSERT_EQ(again.steps.size(), 2U);
  EXPECT_TRUE(again.steps[0].ran);
  EXPECT_EQ(again.steps[0].exit_code, 2);
  EXPECT_EQ(again.steps[0].expected_exit, 1);
  EXPECT_EQ(again.steps[0].duration_s, 1.0 / 3) << "a double keeps every bit";
  EXPECT_EQ(again.steps[0].out, "a\tb\n");
  EXPECT_TRUE(again.steps[0].out_truncated);
  EXPECT_EQ(again.steps[1].exit_code, std::nullopt);
  EXPECT_EQ(again.steps[1].signal, "KILL");
  EXPECT_TRUE(again.steps[1].timed_out);
  EXPECT_TRUE(again.steps[1].err_truncated);
  EXPECT_EQ(again.steps[1].reason_not_run, "the step before it failed");
}

AgentRun an_agent_run() {
  AgentRun agent;
  agent.name = "claude";
  agent.title = "Claude Code";
  agent.version = "2.1.330";
  agent.model = "replay";
  agent.host = "api.anthropic.com:443";
  agent.programs = "/usr/local/lib/node_modules";
  agent.key_decoy = "anthropic-key";
  agent.prompts = {"Say \"hello\"\n\x1b[31m", ""};
  agent.control.files = {"/home/ubuntu/.claude.json", "/tmp/\u202e*"};
  agent.control.requests = {"GET https://example.com:443/v*"};
  agent.control.trace = {"secret-read /usr/local/lib/node_modules/x/claude /home/ubuntu/.npmrc"};
  agent.control.settings = {"/home/ubuntu/.claude.json\tnumStartups = 1"};
  return agent;
}

TEST(EvidenceJson, AnAgentsRunSurvivesTheRoundTrip) {
  const AgentRun agent = an_agent_run();
  const AgentRun again = agent_from_json(through_text(to_json(agent)));
  EXPECT_EQ(to_json(again).dump(), to_json(agent).dump());
  EXPECT_EQ(again.name, "claude");
  EXPECT_EQ(again.title, "Claude Code");
  EXPECT_EQ(again.version, "2.1.330");
  EXPECT_EQ(again.model, "replay");
  EXPECT_EQ(again.host, "api.anthropic.com:443");
  EXPECT_EQ(again.programs, "/usr/local/lib/node_modules");
  EXPECT_EQ(again.key_decoy, "anthropic-key");
  EXPECT_EQ(again.prompts, agent.prompts);
  EXPECT_EQ(again.control.files, agent.control.files);
  EXPECT_EQ(again.control.requests, agent.control.requests);
  EXPECT_EQ(again.control.trace, agent.control.trace);
  EXPECT_EQ(again.control.settings, agent.control.settings);
  const AgentControl control = agent_control_from_json(through_text(to_json(agent.control)));
  EXPECT_EQ(to_json(control).dump(), to_json(agent.control).dump());
}

TEST(EvidenceJson, WhatTheModelSaidIsNotWrittenTwice) {
  AgentRun agent = an_agent_run();
  agent.transcript.last_text = "what the proxy kept says it";
  agent.transcript.triggered = true;
  EXPECT_EQ(to_json(agent).dump(), to_json(an_agent_run()).dump());
}

TEST(EvidenceJson, AnAgentWithAFieldMoreOrLessIsRefused) {
  Json more = to_json(an_agent_run());
  more["transcript"] = Json::object();
  EXPECT_THROW((void)agent_from_json(more), Json::exception);
  Json less = to_json(an_agent_run());
  less["control"].erase("settings");
  EXPECT_THROW((void)agent_from_json(less), Json::exception);
  EXPECT_THROW((void)agent_control_from_json(less["control"]), Json::exception);
}

TEST(EvidenceJson, DecoysAndTimingSurviveTheRoundTrip) {
  const std::vector<Decoy> decoys = {{"aws-secret-key", "/home/ubuntu/.aws/credentials", "abc/+"},
                                     {"n", "p", "x"}};
  const std::vector<Decoy> decoys_again = decoys_from_json(through_text(to_json(decoys)));
  ASSERT_EQ(decoys_again.size(), 2U);
  EXPECT_EQ(decoys_again[0].name, "aws-secret-key");
  EXPECT_EQ(decoys_again[0].path, "/home/ubuntu/.aws/credentials");
  EXPECT_EQ(decoys_again[0].nonce, "abc/+");

  const std::vector<StageTime> timing = {{"boot", 61.25}, {"run", 3}};
  const std::vector<StageTime> timing_again = timing_from_json(through_text(to_json(timing)));
  ASSERT_EQ(timing_again.size(), 2U);
  EXPECT_EQ(timing_again[0].stage, "boot");
  EXPECT_EQ(timing_again[0].seconds, 61.25);
  EXPECT_EQ(timing_again[1].seconds, 3);
}

TEST(EvidenceJson, EmptyListsStayLists) {
  EXPECT_EQ(to_json(std::vector<Decoy>{}).dump(), "[]");
  EXPECT_TRUE(decoys_from_json(Json::parse("[]")).empty());
  EXPECT_EQ(to_json(Skill{})["files"].dump(), "[]");
}

TEST(EvidenceJson, BytesThatAreNotUtf8AreWrittenAsEscapes) {
  Execution execution = an_execution();
  execution.steps[0].out = "ok \xff\xfe\n";
  const Execution again = execution_from_json(through_text(to_json(execution)));
  EXPECT_EQ(again.steps[0].out, "ok \\xff\\xfe\n");
  EXPECT_EQ(to_json(again).dump(), to_json(execution).dump())
      << "written once more, nothing changes";
}

TEST(EvidenceJson, GapsComeBackWithTheirScope) {
  const std::vector<Gap> gaps = {
      Gap::not_watched(GapSource::Trace, "no trace"),
      Gap::lost(GapSource::Snapshot, "cron",
                {.world = "answering", .moment = Moment::After, .table = Table::Cron}),
      Gap::cut(GapSource::Flows, "too long"), Gap::not_exercised(GapSource::Agent, "no call")};
  EXPECT_EQ(gaps_from_json(to_json(gaps)), gaps);
  EXPECT_EQ(to_json(gaps)[1].dump(),
            R"({"kind":"lost","source":"snapshot","scope":{"world":"answering","moment":"after",)"
            R"("table":"cron"},"text":"cron"})");
  for (const char* member : {"kind", "source"}) {
    Json unknown = to_json(gaps);
    unknown[0][member] = "something";
    EXPECT_THROW((void)gaps_from_json(unknown), Json::exception) << member;
  }
}

}  // namespace
}  // namespace skillaudit
