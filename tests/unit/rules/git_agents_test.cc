// Rules of Git's hooks and settings, and of agents' settings and instructions.
#include <gmock/gmock.h>

#include "harness/changes/changes_diff.h"
#include "harness/rules/git_config.h"
#include "tests/unit/rules/findings_of.h"

namespace skillaudit {
namespace {

using testing::AuditBuilder;
using ::testing::Contains;
using ::testing::ElementsAre;
using testing::folder;
using testing::found;
using ::testing::IsEmpty;
using testing::kHome;
using ::testing::Not;
using testing::regular;

/// The same settings file before and after, as the captured table "config" has it.
AuditBuilder with_text(const std::string& path, const std::string& before,
                       const std::string& after) {
  AuditBuilder audit;
  if (!before.empty()) audit.evidence.before.config = {{path, before}};
  audit.evidence.after.config = {{path, after}};
  audit.changes.config = changed_config(audit.evidence.before.config, audit.evidence.after.config);
  return audit;
}

const std::string kProject = kHome + "/projects/app";

TEST(GitRules, AHookIsFoundOnceAndASampleIsNoHook) {
  EXPECT_THAT(found(AuditBuilder().added(regular(kProject + "/.git/hooks/pre-commit", 9, 0755))),
              ElementsAre("persistence.git-hook HIGH"));
  EXPECT_THAT(found(AuditBuilder().added(
                  regular(kProject + "/.git/modules/lib/hooks/post-checkout", 9, 0755))),
              ElementsAre("persistence.git-hook HIGH"));
  EXPECT_THAT(found(AuditBuilder().added(regular("/srv/app/.git/hooks/post-merge", 9, 0755))),
              ElementsAre("persistence.git-hook HIGH"));
  EXPECT_THAT(
      found(AuditBuilder().added(regular(kProject + "/.git/hooks/pre-commit.sample", 9, 0755))),
      Not(Contains("persistence.git-hook HIGH")));
  // A repository's own branch may be called hooks.
  EXPECT_THAT(found(AuditBuilder().added(regular(kProject + "/.git/refs/heads/hooks/x", 9))),
              Not(Contains("persistence.git-hook HIGH")));
}

TEST(GitRules, ADocumentedHookIsFree) {
  for (const bool is_named : {true, false}) {
    AuditBuilder audit;
    audit.evidence.before.files.push_back(folder(kProject + "/.git"));
    audit.document(is_named ? "Writes the hook `.git/hooks/pre-commit`.\n"
                            : "Reads the hook `.git/hooks/pre-commit`.\n");
    audit.added(regular(kProject + "/.git/hooks/pre-commit", 9, 0755));
    if (is_named) {
      EXPECT_THAT(found(audit), IsEmpty());
      EXPECT_THAT(audit.assessed().consented, ::testing::SizeIs(1));
    } else {
      EXPECT_THAT(found(audit), ElementsAre("persistence.git-hook HIGH"));
    }
  }
}

TEST(GitRules, SettingsThatRunAProgramAreFound) {
  const std::string path = kHome + "/.gitconfig";
  const std::string before = "[user]\n\tname = Mira\n[alias]\n\tlg = !git log\n";
  for (const char* added :
       {"[core]\n\thooksPath = /home/ubuntu/.x\n", "[CORE]\n\tHOOKSPATH=/x\n",
        "[core] fsmonitor = /tmp/x\n", "[core]\n\tsshCommand = \"ssh -o ProxyCommand=x\"\n",
        "[init]\n\ttemplateDir = ~/.t\n", "[alias]\n\tst = !curl x\n",
        "[alias]\n\tst = \"!curl x\"\n", "[credential]\n\thelper = !f() { :; }; f\n",
        "[credential \"https://example.com\"]\n\thelper = /tmp/x\n",
        "[filter \"y\"]\n\tclean = x\n", "[include]\n\tpath = /tmp/x\n",
        "[core]\n\thooks\\\nPath = /x\n"}) {
    EXPECT_THAT(found(with_text(path, before, before + added)),
                ElementsAre("persistence.git-hook HIGH"))
        << added;
  }
}

TEST(GitRules, OrdinarySettingsAreNoHook) {
  const std::string path = kHome + "/.gitconfig";
  const std::string after =
      "[user]\n\tname = Mira\n\temail = mira@example.com\n[alias]\n\tst = "
      "status\n[core]\n\tfsmonitor = true\n"
      "\tautocrlf = input\n[credential]\n\thelper = cache --timeout=60\n[pager]\n\tdiff = off\n"
      "# [core] hooksPath = /x\n";
  EXPECT_THAT(found(with_text(path, "[user]\n\tname = Mira\n", after)),
              ElementsAre("files.user-config-modified HIGH"));
  for (const ProgramSetting& setting : git_settings("[\n[core\n=\n[core]]=\n\"\n[a \"b\\\"]\n\\"))
    EXPECT_FALSE(setting.redirects) << setting.key;
}

TEST(GitRules, ADocumentedSettingIsFree) {
  AuditBuilder audit = with_text(kHome + "/.gitconfig", "", "[core]\n\thooksPath = .hooks\n");
  audit.document("It sets Git's `core.hooksPath` to `.hooks`.\n");
  EXPECT_THAT(found(audit), IsEmpty());
  AuditBuilder other = with_text(kHome + "/.gitconfig", "", "[core]\n\thooksPath = /tmp/x\n");
  other.document("It sets Git's `core.hooksPath` to `.hooks`.\n");
  EXPECT_THAT(found(other), ElementsAre("persistence.git-hook HIGH"));
}

TEST(AgentRules, SettingsOfAgentsAreFoundOnceAndNeverExcused) {
  for (const char* path :
       {"/.claude/settings.json", "/.claude/settings.local.json", "/.claude/CLAUDE.md",
        "/.claude.json", "/.claude/commands/x.md", "/.claude/agents/x.md", "/.claude/hooks/x.sh",
        "/.codex/config.toml", "/.gemini/settings.json", "/.config/opencode/opencode.json",
        "/.cursor/mcp.json", "/.continue/config.json"}) {
    EXPECT_THAT(
        found(AuditBuilder().document("Writes ~" + std::string(path) + "\n").written(kHome + path)),
        ElementsAre("tampering.agent-settings HIGH"))
        << path;
  }
}

TEST(AgentRules, InstructionsInAProjectAreExcusedByWhoSaysThatTheyAreWritten) {
  for (const char* name : {"CLAUDE.md", "AGENTS.md", "GEMINI.md", ".cursorrules"}) {
    AuditBuilder audit;
    audit.evidence.before.files.push_back(folder(kProject + "/.git"));
    audit.written(kProject + "/" + name);
    audit.document("Follows the project's `" + std::string(name) + "`.\n");
    EXPECT_THAT(found(audit), ElementsAre("tampering.agent-settings HIGH")) << name;
    audit.document("Updates the project's `" + std::string(name) + "`.\n");
    EXPECT_THAT(found(audit), IsEmpty()) << name;
  }
  EXPECT_THAT(found(AuditBuilder().added(regular(kProject + "/.claude/settings.local.json"))),
              ElementsAre("tampering.agent-settings HIGH"));
}

TEST(AgentRules, WhatComesWithAFetchedProjectTellsNobodyYet) {
  AuditBuilder audit;
  audit.added(folder(kHome + "/fetched")).added(regular(kHome + "/fetched/AGENTS.md"));
  EXPECT_THAT(found(audit), Not(Contains("tampering.agent-settings HIGH")));
  AuditBuilder package;
  package.added(regular(kProject + "/node_modules/x/AGENTS.md"));
  EXPECT_THAT(found(package), Not(Contains("tampering.agent-settings HIGH")));
}

TEST(AgentRules, AnotherSkillIsAnothers) {
  const std::string other = kHome + "/.claude/skills/other";
  AuditBuilder audit;
  audit.evidence.before.files.push_back(folder(other));
  audit.document("Writes ~/.claude/skills/other/SKILL.md\n").written(other + "/SKILL.md");
  EXPECT_THAT(found(audit), ElementsAre("tampering.other-skill CRITICAL"));
  EXPECT_THAT(found(AuditBuilder().written(kHome + "/.claude/skills/example/SKILL.md")),
              ElementsAre("files.skill-changed-itself MEDIUM"));
}

TEST(AgentRules, ANewSkillIsAnInstructionThatADocumentMayExcuse) {
  AuditBuilder audit;
  audit.added(folder(kHome + "/.claude/skills/fresh"))
      .added(regular(kHome + "/.claude/skills/fresh/SKILL.md"));
  EXPECT_THAT(found(audit), ElementsAre("tampering.agent-settings HIGH"));
  AuditBuilder in_general = audit;
  in_general.document("Skills are installed in `~/.claude/skills`.\n");
  EXPECT_THAT(found(in_general), ElementsAre("tampering.agent-settings HIGH"));
  audit.document("Creates the skill `~/.claude/skills/fresh/SKILL.md`.\n");
  EXPECT_THAT(found(audit), IsEmpty());
}

}  // namespace
}  // namespace skillaudit
