#include <gmock/gmock.h>

#include <functional>

#include "harness/bundle/agent_gaps.h"
#include "tests/unit/analysis/agent_builder.h"
#include "tests/unit/gap_texts.h"

namespace skillaudit {
namespace {

using testing::AgentBuilder;
using testing::AuditBuilder;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::kHome;
using ::testing::Not;
using ::testing::SizeIs;

std::vector<std::string> rules_of(const AuditBuilder& audit) {
  std::vector<std::string> rules;
  for (const Finding& finding : audit.assessed().findings) rules.push_back(finding.rule);
  return rules;
}

Finding only(const AuditBuilder& audit) {
  const Assessment assessment = audit.assessed();
  EXPECT_THAT(assessment.findings, SizeIs(1));
  return assessment.findings.empty() ? Finding{} : assessment.findings[0];
}

const std::string kUnconfirmed = "tampering.tool-call-unconfirmed";

TEST(AgentCalls, AreConfirmedByTheShellThatTheKernelSaw) {
  const std::string command = "grep -c 'it'\\''s' \"$HOME/notes\" | sort";
  AgentBuilder claude;
  claude.call(command).starts(
      {"bash", "-c",
       "source /home/ubuntu/.claude/shell-snapshots/snapshot-bash-1-x.sh 2>/dev/null || true && "
       "eval 'grep -c '\"'\"'it'\"'\"'\\'\"'\"''\"'\"'s'\"'\"' \"$HOME/notes\" | sort' < /dev/null "
       "&& pwd -P >| /tmp/claude-1-cwd"});
  EXPECT_THAT(rules_of(claude), IsEmpty());
  AgentBuilder codex;
  codex.call(command).starts({"/bin/bash", "-lc", command});
  EXPECT_THAT(rules_of(codex), IsEmpty());
  AgentBuilder opencode;
  opencode.call(command).starts({"bash", "-c", command});
  EXPECT_THAT(rules_of(opencode), IsEmpty());
}

TEST(AgentCalls, OfManyLinesAndOfManyKilobytesAreConfirmedToo) {
  AgentBuilder lines;
  lines.call("cd /x && {\nls\n\techo done\n}")
      .starts({"bash", "-c", "cd /x && {\nls\n\techo done\n}"});
  EXPECT_THAT(rules_of(lines), IsEmpty());
  AgentBuilder longer;
  const std::string command = "echo " + std::string(20'000, 'x');
  longer.call(command.substr(0, 4096)).starts({"bash", "-c", "eval '" + command.substr(0, 4000)});
  EXPECT_THAT(rules_of(longer), IsEmpty());
}

TEST(AgentCalls, AreConfirmedWithoutACdThatTheAgentDroppedAsNeedless) {
  AgentBuilder audit;
  audit.call("cd /home/ubuntu/x && scripts/run.sh --now")
      .starts({"bash", "-c", "scripts/run.sh --now"});
  EXPECT_THAT(rules_of(audit), IsEmpty());
}

TEST(AgentCalls, ThatNoShellRanAreAFinding) {
  AgentBuilder audit;
  audit.call("uname -a", "Linux").call("id -un", "root").starts({"bash", "-c", "uname -a"});
  const Finding finding = only(audit);
  EXPECT_EQ(finding.rule, kUnconfirmed);
  EXPECT_EQ(finding.title,
            "A tool call that the agent reports was not confirmed by the trace: `id -un`");
  ASSERT_THAT(finding.evidence, SizeIs(2));
  EXPECT_EQ(text_of(finding.evidence[0].source), "flows.jsonl#7");
  EXPECT_EQ(finding.evidence[0].text, "Bash: id -un");
  EXPECT_EQ(finding.evidence[1].text, "it returned: root");
}

TEST(AgentCalls, AreNotConfirmedByAnythingThatMerelyNamesThem) {
  AgentBuilder audit;
  audit.call("id -un", "root");
  audit.starts({"echo", "-c", "id -un"});        // no shell
  audit.starts({"bash", "id -un"});              // a script of that name
  audit.exec(700, 1, {"bash", "-c", "id -un"});  // not the skill's
  EXPECT_THAT(rules_of(audit), ElementsAre(kUnconfirmed));
}

TEST(AgentCalls, AreNotHeldAgainstATraceWithHoles) {
  for (const auto& damage : std::vector<std::function<void(Trace&)>>{
           [](Trace& trace) { trace.collected = false; }, [](Trace& trace) { trace.lost = 1; },
           [](Trace& trace) { trace.dropped_bytes = 1; }, [](Trace& trace) { trace.omitted = 1; },
           [](Trace& trace) { trace.silenced = "it was ended"; }}) {
    AgentBuilder audit;
    audit.call("id -un", "root");
    EXPECT_THAT(rules_of(audit), Contains(kUnconfirmed));
    damage(audit.evidence.trace);
    EXPECT_THAT(rules_of(audit), Not(Contains(kUnconfirmed)));
  }
}

TEST(AgentCalls, ThatFailedOrAreOfAnotherKindNeedNoConfirmation) {
  AgentBuilder audit;
  audit.call("true").starts({"bash", "-c", "true"});
  audit.call("/nowhere", "no such file", true);
  audit.call("sleep 999");
  audit.evidence.agent.transcript.actions.back().answered = false;
  audit.call("/x");
  audit.evidence.agent.transcript.actions.back().kind = "read";
  EXPECT_THAT(rules_of(audit), ElementsAre("execution.tool-call-failed"));
}

TEST(AgentCalls, EachOneThatFailedAmongOthersIsNamed) {
  AgentBuilder audit;
  audit.call("true").starts({"bash", "-c", "true"});
  audit.call("scripts/a.sh", "a: not found", true);
  const Finding finding = only(audit);
  EXPECT_EQ(finding.rule, "execution.tool-call-failed");
  EXPECT_EQ(finding.title, "A tool call of the agent failed: `scripts/a.sh`");
  EXPECT_EQ(finding.evidence.at(1).text, "it returned: a: not found");
}

TEST(AgentCalls, WhereNoneSucceededTheSkillDidNotWork) {
  AgentBuilder audit;
  audit.call("scripts/a.sh", "x", true).call("scripts/b.sh", "y", true);
  EXPECT_THAT(rules_of(audit), ElementsAre("execution.failed", "execution.failed"));
  EXPECT_EQ(audit.assessed().findings[0].title.find('{'), std::string::npos);
}

TEST(AgentCalls, OfNoAgentAreNotLookedAt) {
  AgentBuilder audit;
  audit.call("id -un").call("x", "", true);
  audit.evidence.agent.name.clear();
  EXPECT_THAT(rules_of(audit), IsEmpty());
}

// --- What an agent tells its model.

AgentBuilder with_decoy(const Source& evidence) {
  AgentBuilder audit;
  audit.asks().asks().asks();
  audit.evidence.decoy_sightings = {{"aws-secret-key", evidence, "the body", "raw"}};
  return audit;
}

TEST(ShownToTheModel, ACredentialIsNamedOnceWithTheRequestThatHadItFirst) {
  AgentBuilder audit = with_decoy(source::flow(3));
  audit.evidence.decoy_sightings.push_back({"aws-secret-key", source::flow(2), "the body", "raw"});
  const Finding finding = only(audit);
  EXPECT_EQ(finding.rule, "credentials.decoy-shown-to-model");
  EXPECT_EQ(finding.severity, Severity::High);
  EXPECT_EQ(finding.title,
            "User credentials were shown to the model: `aws-secret-key` to `api.anthropic.com`");
  EXPECT_EQ(text_of(finding.evidence.at(0).source), "flows.jsonl#2");
  EXPECT_EQ(text_of(finding.evidence.at(1).source), "bodies/2.bin");
}

TEST(ShownToTheModel, EachCredentialIsAFindingOfItsOwn) {
  AgentBuilder audit = with_decoy(source::flow(1));
  audit.evidence.decoy_sightings.push_back({"npm-token", source::flow(1), "the body", "raw"});
  EXPECT_THAT(rules_of(audit),
              ElementsAre("credentials.decoy-shown-to-model", "credentials.decoy-shown-to-model"));
}

/// With a key of its own a skill could leave what it likes at the provider.
TEST(ShownToTheModel, WhatWasBlockedOrWentElsewhereLeftTheMachine) {
  for (const auto& change : std::vector<std::function<void(Flow&)>>{
           [](Flow& flow) {
             flow.allowed = false;
             flow.group.clear();
           },
           [](Flow& flow) { flow.group = "user"; }, [](Flow& flow) { flow.allowed = false; }}) {
    AgentBuilder audit = with_decoy(source::flow(1));
    change(audit.evidence.flows[0]);
    EXPECT_THAT(rules_of(audit), Contains("credentials.decoy-left-machine"));
    EXPECT_THAT(rules_of(audit), Not(Contains("credentials.decoy-shown-to-model")));
  }
  EXPECT_THAT(rules_of(with_decoy(source::network())), Contains("credentials.decoy-left-machine"));
}

TEST(AgentsNetwork, ItsOwnQuestionsAreNoUnexpectedHost) {
  AgentBuilder audit;
  audit.asks();
  EXPECT_THAT(rules_of(audit), IsEmpty());
  audit.evidence.flows[0].allowed = false;
  EXPECT_THAT(rules_of(audit), Contains("network.unexpected-host"));
}

TEST(AgentsNetwork, WhatTheControlAsksForTooIsNotTheSkills) {
  AgentBuilder audit;
  audit.add(AuditBuilder::request("POST", "log.example.com", "/v1/log"));
  EXPECT_THAT(rules_of(audit), Contains("network.unexpected-host"));
  audit.evidence.agent.control.requests = {"POST https://log.example.com:443/*/log"};
  EXPECT_THAT(rules_of(audit), IsEmpty());
  audit.add(AuditBuilder::request("POST", "log.example.com", "/v1/other"));
  EXPECT_THAT(rules_of(audit), ElementsAre("network.unexpected-host"));
}

// --- What an audit that an agent drove does not know.

AgentBuilder ended(const std::function<void(Step&)>& how) {
  AgentBuilder audit;
  how(audit.evidence.execution.steps[0]);
  return audit;
}

TEST(AgentGaps, OfAnAgentThatDidItsWorkAreNone) {
  EXPECT_THAT(agent_gaps(AgentBuilder().evidence), IsEmpty());
  AuditBuilder without;
  without.evidence.execution.steps[0].exit_code = 3;
  EXPECT_THAT(agent_gaps(without.evidence), IsEmpty());
}

TEST(AgentGaps, TellHowTheAgentEnded) {
  EXPECT_THAT(texts_of(agent_gaps(ended([](Step& step) {
                                    step.exit_code = 1;
                                    step.err = "starting\nCredit balance is too low\x1b[0m\n\n";
                                  }).evidence)),
              ElementsAre("Claude Code ended with exit code 1: Credit balance is too low\\x1b[0m"));
  EXPECT_THAT(texts_of(agent_gaps(ended([](Step& step) {
                                    step.exit_code = 2;
                                    step.out = "one\ntwo\n";
                                  }).evidence)),
              ElementsAre("Claude Code ended with exit code 2: two"));
  EXPECT_THAT(texts_of(agent_gaps(ended([](Step& step) {
                                    step.exit_code.reset();
                                    step.signal = "SEGV";
                                  }).evidence)),
              ElementsAre("Claude Code was killed by signal SEGV"));
  EXPECT_THAT(texts_of(agent_gaps(ended([](Step& step) {
                                    step.exit_code.reset();
                                    step.timed_out = true;
                                  }).evidence)),
              ElementsAre("Claude Code timed out"));
}

TEST(AgentGaps, TellWhyNothingOfTheSkillWasSeen) {
  AgentBuilder audit;
  Transcript& transcript = audit.evidence.agent.transcript;
  transcript.last_error = "HTTP 529 overloaded_error: Overloaded";
  EXPECT_THAT(texts_of(agent_gaps(audit.evidence)),
              ElementsAre("The model ended with an error: HTTP 529 overloaded_error: Overloaded"));
  transcript.triggered = false;
  EXPECT_THAT(
      texts_of(agent_gaps(audit.evidence)),
      ElementsAre("The skill was never triggered: its instructions did not reach the model; its "
                  "model's host answered: HTTP 529 overloaded_error: Overloaded."));
  transcript.last_error.clear();
  EXPECT_THAT(texts_of(agent_gaps(audit.evidence)),
              ElementsAre("The skill was never triggered: its instructions did not reach the "
                          "model."));
  transcript.offered = false;
  EXPECT_THAT(texts_of(agent_gaps(audit.evidence)),
              ElementsAre("Claude Code did not offer the skill to its model."));
  transcript.exchanges = 0;
  EXPECT_THAT(texts_of(agent_gaps(audit.evidence)),
              ElementsAre("Claude Code never contacted its model."));
}

TEST(AgentExecution, HowTheAgentEndedIsNoFindingAboutTheSkill) {
  for (const auto& how :
       std::vector<std::function<void(Step&)>>{[](Step& step) { step.exit_code = 1; },
                                               [](Step& step) {
                                                 step.exit_code.reset();
                                                 step.signal = "SEGV";
                                               },
                                               [](Step& step) {
                                                 step.exit_code.reset();
                                                 step.timed_out = true;
                                               }}) {
    const AgentBuilder audit = ended(how);
    EXPECT_THAT(rules_of(audit), IsEmpty());
    AgentBuilder without = audit;
    without.evidence.agent = {};
    EXPECT_THAT(rules_of(without), SizeIs(1));
  }
}

TEST(AgentExecution, AStepThatDidNotRunIsOneAllTheSame) {
  const AgentBuilder audit = ended([](Step& step) {
    step.ran = false;
    step.exit_code.reset();
    step.reason_not_run = "the guest was lost";
  });
  EXPECT_THAT(rules_of(audit), Not(IsEmpty()));
}

}  // namespace
}  // namespace skillaudit
