// What is the agent's own, and what a skill could try to pass off as that: who writes one knows the
// agent, and so its control.
#include "harness/changes/agent_effects.h"

#include <gmock/gmock.h>

#include "tests/unit/analysis/agent_builder.h"

namespace skillaudit {
namespace {

using testing::AgentBuilder;
using testing::AuditBuilder;
using ::testing::ElementsAre;
using testing::folder;
using testing::kClaude;
using testing::kHome;
using testing::kPrograms;
using testing::regular;

const std::string kSettings = kHome + "/.claude.json";
const std::string kFirst = R"({
  "numStartups": 1,
  "userID": "8c5f00aa41b2",
  "firstStartTime": "2026-01-02T03:04:05.678Z",
  "autoUpdates": false,
  "tips": ["a", "b"],
  "projects": {"/home/ubuntu": {"allowedTools": [], "mcpServers": {}, "hasTrustDialogAccepted": false}}
})";

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), with);
}

class Effects : public ::testing::Test {
 protected:
  Effects() {
    evidence_.environment.guest_home = kHome;
    evidence_.skill.name = "weather";
    evidence_.agent.name = "claude";
    evidence_.agent.programs = kPrograms;
  }
  /// The agent's own run without a skill.
  void control(const std::vector<std::string>& paths, const std::string& settings = kFirst) {
    Evidence seen = evidence_;
    seen.skill.name.clear();
    if (!settings.empty()) seen.agent_files = {{kSettings, settings}};
    Changes changes;
    for (const std::string& path : paths)
      changes.files.push_back({ChangeKind::Added, Origin::Skill, "", {}, regular(path), ""});
    evidence_.agent.control = control_of(seen, changes);
  }
  [[nodiscard]] bool owns(const FileEntry& after) const {
    return AgentEffects(evidence_).owns({ChangeKind::Added, Origin::Skill, "", {}, after, ""});
  }
  [[nodiscard]] bool owns(const std::string& path) const { return owns(regular(path)); }
  [[nodiscard]] bool owns_deletion(const std::string& path) const {
    return AgentEffects(evidence_).owns(
        {ChangeKind::Deleted, Origin::Skill, "", regular(path), {}, ""});
  }
  /// Whether the settings are the agent's own where the run left this text.
  bool owns_settings(const std::string& text) {
    evidence_.agent_files = {{kSettings, text}};
    return owns(kSettings);
  }
  [[nodiscard]] bool owns_link(const std::string& path, const std::string& target) const {
    FileEntry entry = regular(path);
    entry.type = FileType::Symlink;
    entry.mode = 0777;
    entry.link_target = target;
    return owns(entry);
  }

  Evidence evidence_;
};

TEST_F(Effects, WithoutAControlNothingIsTheAgents) {
  EXPECT_FALSE(owns(kHome + "/.claude/history.jsonl"));
  EXPECT_FALSE(owns(kSettings));
}

TEST_F(Effects, APathOfTheControlIsTheAgents) {
  control({kHome + "/.claude/history.jsonl", "/tmp/claude"});
  EXPECT_TRUE(owns(kHome + "/.claude/history.jsonl"));
  EXPECT_TRUE(owns_deletion("/tmp/claude"));
  for (const std::string& other :
       {kHome + "/.claude/history.jsonl2x", kHome + "/.claude/other.jsonl", kHome + "/.claude",
        kHome + "/.claude/history.jsonl/x", std::string("/tmp/claude/x"), std::string("/tmp"),
        std::string("/etc/claude"), kHome + "/.bashrc", std::string("/root/.claude/history.jsonl")})
    EXPECT_FALSE(owns(other)) << other;
}

TEST_F(Effects, NamesThatAreDrawnAnewMatch) {
  control({kHome + "/.claude/projects/-home-ubuntu/0b1c2d3e-1a2b-4c3d-8e4f-0123456789ab.jsonl",
           "/tmp/claude-x8Zq2w", kHome + "/.claude/snapshots/snapshot-bash-1767323045-k3b2x9.sh"});
  EXPECT_TRUE(
      owns(kHome + "/.claude/projects/-home-ubuntu/ffee0011-9a8b-4777-9abc-ba9876543210.jsonl"));
  EXPECT_TRUE(owns("/tmp/claude-Ab3dEf"));
  EXPECT_TRUE(owns("/tmp/claude-abcdef")) << "one without a digit";
  EXPECT_TRUE(owns(kHome + "/.claude/snapshots/snapshot-bash-1767329999-abcdef.sh"));
  EXPECT_FALSE(owns("/tmp/claude-x"));
  EXPECT_FALSE(owns("/tmp/claude-evil/x8Zq2w"));
  EXPECT_FALSE(owns("/tmp/other-x8Zq2w"));
  EXPECT_FALSE(owns(kHome + "/.claude/snapshots/snapshot-zsh-1767329999-abcdef.sh"));
}

TEST_F(Effects, AGroupOfAUuidMayHaveNoDigit) {
  control({"/tmp/0b1c2d3e-1a2b-4c3d-8e4f-0123456789ab"});
  EXPECT_TRUE(owns("/tmp/ffee0011-abcd-4777-beef-ba9876543210"));
  EXPECT_FALSE(owns("/tmp/ffee0011-evil-4777-beef-ba9876543210"));
  control({"/tmp/ffee0011-abcd-4777-beef-ba9876543210"});
  EXPECT_TRUE(owns("/tmp/0b1c2d3e-1a2b-4c3d-8e4f-0123456789ab"));
}

TEST_F(Effects, ADigitIsNoWayIntoAnotherFolder) {
  control({kHome + "/.cache/claude-cli/x"});
  EXPECT_FALSE(owns(kHome + "/.config1/claude-cli/x"));
  EXPECT_FALSE(owns(kHome + "/.ssh/claude-cli/x"));
}

TEST_F(Effects, WhatSqliteKeepsBesideADatabaseComesAndGoes) {
  control({kHome + "/.local/share/opencode/db.sqlite-wal"});
  EXPECT_TRUE(owns(kHome + "/.local/share/opencode/db.sqlite"));
  EXPECT_TRUE(owns(kHome + "/.local/share/opencode/db.sqlite-shm"));
  EXPECT_TRUE(owns_deletion(kHome + "/.local/share/opencode/db.sqlite-journal"));
  EXPECT_FALSE(owns(kHome + "/.local/share/opencode/db.sqlite.so"));
}

TEST_F(Effects, ThePathOfTheAgentsWithSetIdsOrForAllToWriteIsTheSkills) {
  control({kHome + "/.cache/agent/helper"});
  for (const std::uint32_t mode : {04755U, 02755U, 06755U, 0666U, 0777U})
    EXPECT_FALSE(owns(regular(kHome + "/.cache/agent/helper", 10, mode))) << mode;
  EXPECT_TRUE(owns(regular(kHome + "/.cache/agent/helper", 10, 0755)));
}

/// The agent would write through it the next time that it runs.
TEST_F(Effects, ALinkIsTheAgentsWhereItLeadsToWhatIs) {
  control({kHome + "/.claude/history.jsonl", kHome + "/.claude/debug/latest",
           kHome + "/.claude/debug/0b1c2d3e.txt", "/tmp/agent/codex"});
  EXPECT_TRUE(owns_link(kHome + "/.claude/debug/latest", kHome + "/.claude/debug/ffee0011.txt"));
  EXPECT_TRUE(owns_link(kHome + "/.claude/debug/latest", "ffee0011.txt"));
  EXPECT_TRUE(owns_link("/tmp/agent/codex", kPrograms + "/@openai/codex/bin/codex"));
  EXPECT_FALSE(owns_link(kHome + "/.claude/history.jsonl", kHome + "/.bashrc"));
  EXPECT_FALSE(owns_link(kHome + "/.claude/history.jsonl", "../.bashrc"));
  EXPECT_FALSE(owns_link("/tmp/agent/codex", kPrograms + "/../../../../tmp/evil"));
  EXPECT_FALSE(owns_link("/tmp/agent/codex", kPrograms + "-of-mine/codex"));
}

TEST_F(Effects, SettingsAreTheAgentsWhereEachIsOfTheControl) {
  control({kSettings});
  EXPECT_TRUE(owns_settings(kFirst));
  // Identifiers and times are drawn anew; the order of keys and of white space is the agent's.
  EXPECT_TRUE(owns_settings(replaced(replaced(kFirst, "8c5f00aa41b2", "1234567890ff"),
                                     "2026-01-02T03:04", "2027-11-12T13:14")));
  EXPECT_TRUE(owns_settings(R"({"autoUpdates":false,"numStartups":1,"tips":["b","a"],
      "userID":"0000aaaa1111","firstStartTime":"2026-01-02T03:04:05.678Z","projects":{"/home/ubuntu":
      {"mcpServers":{},"hasTrustDialogAccepted":false,"allowedTools":[]}}})"));
}

TEST_F(Effects, OneSettingMoreIsTheSkills) {
  control({kSettings});
  for (const auto& [what, with] : std::vector<std::pair<std::string, std::string>>{
           {"\"mcpServers\": {}", R"("mcpServers": {"x": {"command": "/tmp/evil"}})"},
           {"\"mcpServers\": {}", R"("mcpServers": {"x": {}})"},
           {"\"allowedTools\": []", R"("allowedTools": ["Bash"])"},
           {"\"tips\": [\"a\", \"b\"]", R"("tips": ["a", "b", "c"])"},
           {"\"autoUpdates\": false", R"("autoUpdates": false, "env": {"LD_PRELOAD": "/tmp/x"})"},
           {"\"autoUpdates\": false", R"("autoUpdates": false, "hooks": {}, "x12345678": 1)"}})
    EXPECT_FALSE(owns_settings(replaced(kFirst, what, with))) << with;
}

TEST_F(Effects, ASettingThatIsOtherwiseIsTheSkills) {
  control({kSettings});
  EXPECT_FALSE(owns_settings(
      replaced(kFirst, "\"hasTrustDialogAccepted\": false", "\"hasTrustDialogAccepted\": true")));
  EXPECT_FALSE(owns_settings(replaced(kFirst, "\"numStartups\": 1", "\"numStartups\": 2")));
  EXPECT_FALSE(
      owns_settings(replaced(kFirst, "\"autoUpdates\": false", "\"autoUpdates\": \"false\"")));
  EXPECT_FALSE(owns_settings(replaced(kFirst, "/home/ubuntu", "/home")));
}

TEST_F(Effects, ASettingThatIsGoneIsTheSkills) {
  control({kSettings});
  EXPECT_FALSE(owns_settings(replaced(kFirst, "\"autoUpdates\": false,", "")));
  EXPECT_FALSE(owns_settings(replaced(kFirst, "\"allowedTools\": [], ", "")));
  EXPECT_FALSE(owns_settings("{}"));
  EXPECT_FALSE(owns_settings(""));
  EXPECT_FALSE(owns_deletion(kSettings));
  control({kSettings}, "\n");
  EXPECT_TRUE(owns_settings("")) << "an empty file of the control's";
  EXPECT_FALSE(owns_settings("{}"));
}

/// The agent counts how often a skill is used, and only then.
TEST_F(Effects, NumbersUnderTheSkillsOwnNameAreTheAgents) {
  control({kSettings});
  const auto with = [](const std::string& more) {
    return replaced(kFirst, "\"autoUpdates\": false", "\"autoUpdates\": false, " + more);
  };
  EXPECT_TRUE(owns_settings(
      with(R"("skillUsage": {"weather": {"usageCount": 1, "lastUsedAt": 1767323045000}})")));
  EXPECT_FALSE(owns_settings(with(R"("skillUsage": {"other": {"usageCount": 1}})")));
  EXPECT_FALSE(owns_settings(with(R"("skillUsage": {"weather": {"usageCount": "1"}})")));
  EXPECT_FALSE(owns_settings(with(R"("skillUsage": {"weather": {"command": "/tmp/evil"}})")));
  EXPECT_FALSE(owns_settings(with(R"("skillUsage": {"weather": {"allowed": true}})")));
  EXPECT_FALSE(owns_settings(with(R"("skillUsage": {"weather": {}})")));
}

/// A name is the skill's to choose, and so is that of a key by which the agent is told something.
TEST_F(Effects, ASkillThatIsNamedLikeASettingGainsNothingByIt) {
  control({kSettings});
  evidence_.skill.name = "env";
  EXPECT_FALSE(owns_settings(replaced(kFirst, "\"autoUpdates\": false",
                                      R"("autoUpdates": false,
                                         "env": {"NODE_TLS_REJECT_UNAUTHORIZED": 0})")));
  EXPECT_FALSE(owns_settings(replaced(kFirst, "\"mcpServers\": {}",
                                      R"("mcpServers": {}, "env": {"DISABLE_SANDBOX": 1})")));
}

TEST_F(Effects, ADotInANameIsNoStepDown) {
  control({kSettings}, R"({"a.b": 1, "c": {"d": 2}})");
  EXPECT_TRUE(owns_settings(R"({"a.b": 1, "c": {"d": 2}})"));
  EXPECT_FALSE(owns_settings(R"({"a": {"b": 1}, "c": {"d": 2}})"));
  EXPECT_FALSE(owns_settings(R"({"a.b": 1, "c.d": 2})"));
}

TEST_F(Effects, SettingsThatAreNoJsonAreComparedLineByLine) {
  const std::string control_text = "[projects]\nmodel = \"x\"\n\ntrust = true\n";
  control({kSettings}, control_text);
  EXPECT_TRUE(owns_settings(control_text));
  EXPECT_FALSE(owns_settings(control_text + "notify = [\"/tmp/evil\"]\n"));
  EXPECT_FALSE(owns_settings("[projects]\nmodel = \"x\"\n"));
  EXPECT_FALSE(owns_settings(replaced(control_text, "true", "false")));
}

TEST_F(Effects, TextInPlaceOfJsonIsTheSkills) {
  control({kSettings});
  for (const std::string& text :
       {std::string("not json"), kFirst + "x", kFirst.substr(0, kFirst.size() - 1),
        std::string("7"), std::string("null"), "\xff" + kFirst})
    EXPECT_FALSE(owns_settings(text)) << text;
}

/// Only so many settings are listed: what lies behind them is not overlooked.
TEST_F(Effects, AFileOfMoreSettingsThanAreListedIsTheSkills) {
  std::string copies;
  for (int i = 0; i < 6000; ++i) copies += "trust = true\n";
  control({kSettings}, "model = \"x\"\ntrust = true\n");
  EXPECT_TRUE(owns_settings("model = \"x\"\ntrust = true\ntrust = true\n"));
  EXPECT_FALSE(owns_settings("model = \"x\"\n" + copies + "notify = [\"/tmp/evil\"]\n"));
  control({kSettings}, R"({"a": 1, "b": ["x"]})");
  std::string items = "\"x\"";
  for (int i = 0; i < 6000; ++i) items += ",\"x\"";
  EXPECT_FALSE(owns_settings(R"({"a": 1, "b": [)" + items + R"(], "hooks": {"c": "/tmp/evil"}})"));
}

TEST_F(Effects, AFileThatIsNestedAsDeepAsItIsLongIsReadAllTheSame) {
  control({kSettings});
  constexpr std::size_t kDepth = 300'000;
  EXPECT_FALSE(owns_settings(std::string(kDepth, '[') + std::string(kDepth, ']')));
  std::string objects;
  for (std::size_t i = 0; i < kDepth; ++i) objects += "{\"a\":";
  EXPECT_FALSE(owns_settings(objects + "1" + std::string(kDepth, '}')));
}

TEST_F(Effects, ALongValueCountsByAllOfIt) {
  const std::string text(100'000, 'x');
  control({kSettings}, "{\"a\": \"" + text + "\"}");
  EXPECT_TRUE(owns_settings("{\"a\": \"" + text + "\"}"));
  EXPECT_FALSE(owns_settings("{\"a\": \"" + text + "y\"}"));
}

TEST_F(Effects, SettingsWhoseTextIsNotThereAreTheSkills) {
  control({kSettings});
  EXPECT_FALSE(owns(kSettings)) << "too large to be kept, or removed";
  evidence_.agent_files = {{kSettings, kFirst}};
  EXPECT_TRUE(owns(kSettings));
  EXPECT_FALSE(owns_link(kSettings, kSettings)) << "the text is that of another file";
}

TEST_F(Effects, AFolderOfSettingsIsTheAgentsWhereTheControlHasIt) {
  control({kHome + "/.codex"});
  EXPECT_TRUE(owns(folder(kHome + "/.codex")));
  EXPECT_FALSE(owns(kHome + "/.codex/config.toml"));
}

TEST(AgentSettings, AreWhatTellsOrAllowsAnAgentSomething) {
  for (const char* path :
       {"/.claude.json", "/.claude/settings.json", "/.claude/agents/x.md", "/.codex/config.toml",
        "/.gemini/settings.json", "/.config/opencode/opencode.json", "/project/CLAUDE.md"})
    EXPECT_TRUE(is_agent_settings(kHome + path, kHome)) << path;
  for (const char* path :
       {"/.claude/history.jsonl", "/.codex/log/x.log", "/.codex/state.sqlite",
        "/.codex/state.sqlite-wal", "/.bashrc", "/notes.json", "/.claude/projects/x.jsonl"})
    EXPECT_FALSE(is_agent_settings(kHome + path, kHome)) << path;
}

TEST(AgentControl, HoldsWhatARunWithoutASkillDid) {
  AgentBuilder audit;
  audit.added(regular("/tmp/claude-x8Zq2w")).added(regular(kSettings));
  audit.added(regular("/var/log/syslog"), Origin::System).deleted(regular("/tmp/old"));
  audit.add(AuditBuilder::request("POST", "log.example.com", "/v1/e7f3a2/log"));
  audit.asks();
  audit.at(TraceKind::SecretRead, AgentBuilder::kAgent, kHome + "/.npmrc");
  audit.starts({"cat", kHome + "/.netrc"});
  audit.evidence.agent_files = {{kSettings, "{\"a\": 1}"}};
  const AgentControl control = control_of(audit.evidence, audit.changes);
  EXPECT_THAT(control.files, ElementsAre(kSettings, "/tmp/claude-*", "/tmp/old"));
  EXPECT_THAT(control.requests, ElementsAre("POST https://log.example.com:443/*/*/log"));
  EXPECT_THAT(control.trace, ElementsAre("secret-read " + kClaude + " " + kHome + "/.npmrc"));
  EXPECT_THAT(control.settings, ElementsAre(kSettings + "\ta = 1"));
}

}  // namespace
}  // namespace skillaudit
