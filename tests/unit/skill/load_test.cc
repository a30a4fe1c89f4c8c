#include "harness/skill/load.h"

#include <gmock/gmock.h>
#include <sys/fsuid.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "harness/base/fd.h"
#include "harness/skill/inventory.h"
#include "tests/unit/skill/skill_folder.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

/// Root reads every file; as this user of the kernel's file access checks it does not.
class AsNobody {
 public:
  AsNobody() {
    if (::geteuid() == 0) ::setfsuid(65534);
  }
  ~AsNobody() {
    if (::geteuid() == 0) ::setfsuid(0);
  }
  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;
};

TEST(LoadSkill, ReadsAValidSkill) {
  const SkillFolder folder;
  folder.write("scripts/run.sh", "#!/bin/sh\necho /home/ann/x\n", 0755);
  const Skill skill = load_skill(folder.path());
  EXPECT_EQ(skill.name, "demo");
  EXPECT_EQ(skill.description, "Shows things.");
  ASSERT_EQ(skill.files.size(), 2U);
  EXPECT_EQ(skill.files[0].path, "SKILL.md");
  EXPECT_EQ(skill.files[1].path, "scripts/run.sh");
  EXPECT_EQ(skill.files[1].mode, 0755U);
  EXPECT_EQ(skill.files[1].size, 27U);
  EXPECT_EQ(skill.files[1].sha256.size(), 64U);
  ASSERT_EQ(skill.hard_coded_paths.size(), 1U);
  EXPECT_EQ(skill.hard_coded_paths[0].file, "scripts/run.sh");
  EXPECT_EQ(skill.hard_coded_paths[0].line, 2);
  EXPECT_THAT(skill.notes, IsEmpty());
}

TEST(LoadSkill, AcceptsATrailingSlash) {
  const SkillFolder folder;
  EXPECT_EQ(load_skill(folder.path() / "").name, "demo");
  EXPECT_EQ(load_skill(folder.path().string() + "//").name, "demo");
}

TEST(LoadSkill, AcceptsRelativePathsAndTheDot) {
  const SkillFolder folder;
  const fs::path before = fs::current_path();
  fs::current_path(folder.parent());
  const std::string by_name = load_skill("demo").name;
  fs::current_path(folder.path());
  const std::string by_dot = load_skill(".").name;
  const std::string from_below = load_skill("../demo/.").name;
  fs::current_path(before);
  EXPECT_EQ(by_name, "demo");
  EXPECT_EQ(by_dot, "demo");
  EXPECT_EQ(from_below, "demo");
}

TEST(LoadSkill, AcceptsAFolderThatIsALinkByEitherName) {
  const SkillFolder folder;
  fs::create_directory_symlink(folder.path(), folder.parent() / "other");
  EXPECT_EQ(load_skill(folder.parent() / "other").name, "demo");
  fs::rename(folder.path(), folder.parent() / "demo-1.2");
  fs::create_directory_symlink("demo-1.2", folder.path());
  EXPECT_EQ(load_skill(folder.path()).name, "demo");
}

TEST(LoadSkill, NamesTheNearestFolderWhenThereIsNone) {
  const SkillFolder folder;
  EXPECT_EQ(complaint(folder, folder.parent() / "dema"),
            "there is no skill at DIR/dema: did you mean DIR/demo?");
  EXPECT_EQ(complaint(folder, folder.parent() / "something-else/"),
            "there is no skill at DIR/something-else: give the folder that contains its SKILL.md");
}

TEST(LoadSkill, RefusesAFile) {
  const SkillFolder folder;
  folder.write("notes.txt", "x");
  EXPECT_EQ(
      complaint(folder, folder.path() / "notes.txt"),
      "DIR/demo/notes.txt is a file, not a skill: give the folder that contains its SKILL.md");
  EXPECT_EQ(complaint(folder, folder.path() / "SKILL.md"),
            "DIR/demo/SKILL.md is a file: give its folder, DIR/demo");
}

TEST(LoadSkill, RefusesAnEmptyPath) {
  const SkillFolder folder;
  EXPECT_THAT(complaint(folder, ""), StartsWith("the skill's path is empty"));
}

TEST(LoadSkill, NamesALookAlikeOfAMissingManifest) {
  const SkillFolder folder;
  fs::rename(folder.path() / "SKILL.md", folder.path() / "Skill.md");
  EXPECT_EQ(complaint(folder),
            "DIR/demo has no SKILL.md, but it has Skill.md: rename it to SKILL.md");
}

TEST(LoadSkill, NamesTheFolderBelowThatHasTheManifest) {
  const SkillFolder folder;
  EXPECT_EQ(complaint(folder, folder.parent()),
            "DIR has no SKILL.md, but demo in it has one: give DIR/demo");
}

TEST(LoadSkill, RefusesAFolderWithoutManifest) {
  const SkillFolder folder;
  fs::remove(folder.path() / "SKILL.md");
  EXPECT_EQ(complaint(folder),
            "DIR/demo has no SKILL.md, so it is not a skill: add one, or give the folder that "
            "contains it");
}

std::vector<std::string> not_loadable(const Skill& skill) {
  std::vector<std::string> texts;
  for (const StaticFact& fact : skill.static_facts)
    if (fact.kind == StaticFactKind::NotLoadable) texts.push_back(fact.text);
  return texts;
}

TEST(LoadSkill, ReadsTheProgramsBesideAManifestThatNoAgentLoads) {
  const SkillFolder folder;
  folder.write("scripts/run.sh", "#!/bin/sh\nls\n", 0755);
  const auto expect = [&](const std::string& why) {
    const Skill skill = load_skill(folder.path());
    EXPECT_EQ(skill.name, "demo");
    EXPECT_THAT(not_loadable(skill), ElementsAre(StartsWith(why)));
    EXPECT_EQ(skill.texts.back().path, "scripts/run.sh");
  };
  for (const char* nothing : {"", "\n", "---\n"}) {
    folder.write("SKILL.md", nothing);
    expect("there is neither front matter nor text: ");
  }
  fs::remove(folder.path() / "SKILL.md");
  fs::create_symlink("gone", folder.path() / "SKILL.md");
  expect("it is a broken link: ");
  fs::remove(folder.path() / "SKILL.md");
  fs::create_directory(folder.path() / "SKILL.md");
  expect("it is a folder: ");
}

TEST(LoadSkill, NotesANameThatDiffersFromTheFolder) {
  const SkillFolder folder;
  folder.write("SKILL.md", "---\nname: other\ndescription: y\n---\nText.\n");
  const Skill skill = load_skill(folder.path());
  EXPECT_EQ(skill.name, "other");
  EXPECT_THAT(skill.notes,
              ElementsAre("SKILL.md:2:7: the skill's name is `other` but its folder is `demo`: "
                          "make them the same"));
}

TEST(LoadSkill, NamesASkillAfterItsFolderWhereItHasNoValidName) {
  const SkillFolder folder;
  for (const char* head :
       {"---\ndescription: y\n---\n", "---\nname: ../../etc\n---\n", "---\n", ""}) {
    folder.write("SKILL.md", std::string(head) + "Text.\n");
    EXPECT_EQ(load_skill(folder.path()).name, "demo") << head;
  }
  fs::rename(folder.path(), folder.parent() / "_");
  EXPECT_EQ(load_skill(folder.parent() / "_").name, "unnamed");
}

TEST(LoadSkill, ReadsTheRestOfAMalformedSkill) {
  const SkillFolder folder;
  folder.write("SKILL.md", "---\nname: demo\ndescription: a: b\nallowed-tools: Bash\n---\nText.\n");
  folder.write("scripts/run.sh", "#!/bin/sh\necho /home/ann/x\n", 0755);
  const Skill skill = load_skill(folder.path());
  EXPECT_EQ(skill.description, "a: b");
  EXPECT_EQ(skill.hard_coded_paths.size(), 1U);
  ASSERT_EQ(skill.static_facts.size(), 1U);
  EXPECT_EQ(skill.static_facts[0].kind, StaticFactKind::BroadTools);
  EXPECT_THAT(skill.notes, ElementsAre(StartsWith("SKILL.md:3:15: broken YAML: ")));
}

TEST(LoadSkill, ReadsAManifestThatIsNotUtf8AsAgentsDo) {
  const SkillFolder folder;
  folder.write("SKILL.md", std::string(kGoodHead) + "caf\xe9\n" + std::string(1, '\0') + "x\n");
  const Skill skill = load_skill(folder.path());
  EXPECT_EQ(skill.texts[0].text, std::string(kGoodHead) + "caf\ufffd\n\ufffdx\n");
  EXPECT_THAT(skill.notes, ElementsAre(StartsWith("SKILL.md is not UTF-8 text")));
  EXPECT_THAT(not_loadable(skill), IsEmpty());
}

TEST(LoadSkill, RefusesAManifestAboveOneMebibyte) {
  const SkillFolder folder;
  folder.write("SKILL.md", std::string(kGoodHead) + std::string(1 << 20, 'x'));
  EXPECT_EQ(complaint(folder),
            "DIR/demo/SKILL.md has 1.0 MiB, the limit is 1 MiB: move details to other files");
}

TEST(LoadSkill, RefusesAManifestThatIsNestedTooDeep) {
  const SkillFolder folder;
  std::string text(kGoodHead);
  for (int i = 0; i < 5000; ++i) text += "- ";
  folder.write("SKILL.md", text + "a\n" + std::string(10'000, '\n'));
  EXPECT_THAT(complaint(folder), HasSubstr("lists and quotations are nested too deep"));
}

TEST(LoadSkill, RefusesAnUnreadableFile) {
  const SkillFolder folder;
  fs::permissions(folder.parent(), fs::perms::all);
  folder.write("secret.txt", "x", 0000);
  const AsNobody nobody;
  EXPECT_EQ(complaint(folder),
            "cannot read DIR/demo/secret.txt: Permission denied: make it readable for the user who "
            "runs skillaudit (chmod u+r), or remove it from the skill");
}

TEST(LoadSkill, RefusesAnUnreadableFolder) {
  const SkillFolder folder;
  fs::permissions(folder.parent(), fs::perms::all);
  fs::create_directory(folder.path() / "locked");
  fs::permissions(folder.path() / "locked", fs::perms::none);
  {
    const AsNobody nobody;
    EXPECT_EQ(complaint(folder),
              "cannot list the folder DIR/demo/locked: Permission denied: make it readable for the "
              "user who runs skillaudit, or remove it from the skill");
  }
  fs::permissions(folder.path() / "locked", fs::perms::owner_all);
}

TEST(LoadSkill, RefusesAFifo) {
  const SkillFolder folder;
  ASSERT_EQ(::mkfifo((folder.path() / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(
      complaint(folder),
      "DIR/demo/pipe is a FIFO: a skill may contain only files, folders and links, so remove it");
}

TEST(LoadSkill, RefusesASocket) {
  const SkillFolder folder;
  const std::string path = (folder.path() / "s").string();
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  ASSERT_LT(path.size(), sizeof address.sun_path);
  path.copy(address.sun_path, path.size());
  const Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  EXPECT_THAT(complaint(folder), StartsWith("DIR/demo/s is a socket: "));
}

TEST(LoadSkill, RefusesThreeGigabytesWithoutReadingThem) {
  const SkillFolder folder;
  folder.write("model.bin", "");
  fs::resize_file(folder.path() / "model.bin", 3ULL << 30);
  EXPECT_EQ(complaint(folder),
            "the skill DIR/demo has 3.0 GiB, the limit is 256 MiB: remove files that it does not "
            "need (the largest is model.bin with 3.0 GiB)");
}

TEST(LoadSkill, RefusesTooManyFiles) {
  const SkillFolder folder;
  fs::create_directory(folder.path() / "many");
  for (std::size_t i = 0; i < kMaximumSkillFiles; ++i)
    fs::create_symlink("x", folder.path() / "many" / std::to_string(i));
  EXPECT_EQ(complaint(folder),
            "the skill DIR/demo has more than 20000 files: remove files that it does not need");
}

TEST(LoadSkill, EscapesHostileFileNamesInMessages) {
  const SkillFolder folder;
  folder.link("a\x1b[31m\nb", "/etc/passwd");
  EXPECT_THAT(complaint(folder), StartsWith("the link DIR/demo/a\\x1b[31m\\nb points out of "));
}

TEST(LoadSkill, KeepsFileNamesThatAreNotUtf8) {
  const SkillFolder folder;
  folder.write("caf\xe9.bin", "x");
  EXPECT_EQ(load_skill(folder.path()).files.at(1).path, "caf\xe9.bin");
}

TEST(LoadSkill, ReadsAuditYaml) {
  const SkillFolder folder;
  folder.write("audit.yaml", "scenarios: [{command: ls}]\ndeclares: [jq]\n");
  const Skill skill = load_skill(folder.path());
  ASSERT_EQ(skill.scenarios.size(), 1U);
  EXPECT_EQ(skill.scenarios[0].command, "ls");
  EXPECT_THAT(skill.declares, ElementsAre("jq"));
}

TEST(LoadSkill, PutsFileLineAndColumnBeforeABrokenAuditYaml) {
  const SkillFolder folder;
  folder.write("audit.yaml", "scenario: []\n");
  EXPECT_EQ(complaint(folder),
            "DIR/demo/audit.yaml:1:1: unknown key `scenario` in audit.yaml: did you mean "
            "`scenarios`?");
}

TEST(LoadSkill, NotesAnAuditYmlThatIsNotRead) {
  const SkillFolder folder;
  folder.write("audit.yml", "scenarios: []\n");
  EXPECT_THAT(load_skill(folder.path()).notes,
              ElementsAre("audit.yml is not read: rename it to audit.yaml"));
}

TEST(LoadSkill, NotesAManifestWithoutInstructions) {
  const SkillFolder folder;
  folder.write("SKILL.md", kGoodHead);
  EXPECT_THAT(load_skill(folder.path()).notes,
              ElementsAre("SKILL.md has no instructions after its front matter"));
}

}  // namespace
}  // namespace skillaudit
