#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>
#include <map>

#include "fixtures/sandbox_test.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/base/text.h"
#include "harness/skill/load.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// How a skill's folder arrives in the guest, and that nothing else of the host does.
class SkillUpload : public SharedSandboxTest {
 protected:
  static void SetUpTestSuite() { open_shared({}); }

  void SetUp() override {
    write_file(host_.path() / "canary", kCanary);
    fs::create_directory(skill());
    add("SKILL.md", "---\nname: probe\ndescription: Probes what is uploaded.\n---\nNothing.\n");
  }
  void TearDown() override { exec("rm -rf ~/.claude/skills/probe"); }

  [[nodiscard]] fs::path skill() const { return host_.path() / "probe"; }
  [[nodiscard]] fs::path canary() const { return host_.path() / "canary"; }
  void add(const std::string& path, const std::string& content, unsigned mode = 0644) const {
    const fs::path file = skill() / path;
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << content;  // a name may be as long as names can be
    ASSERT_EQ(::chmod(file.c_str(), mode), 0);
  }
  std::string install() const {
    return install_skill(sandbox().guest(), skill(), "probe", "/home/ubuntu");
  }
  /// PATH -> "TYPE MODE OWNER LINK_TARGET" of all below the installed skill, as find prints them.
  static std::map<std::string, std::string> installed() {
    const std::string listed =
        exec(
            "cd ~/.claude/skills/probe && sudo -n find . -mindepth 1 -printf '%P\\0%y %m %u %l\\0'")
            .out;
    const std::vector<std::string_view> fields = split(listed, '\0');
    std::map<std::string, std::string> found;
    for (std::size_t i = 0; i + 1 < fields.size(); i += 2)
      found.emplace(fields[i], trim(fields[i + 1]));
    return found;
  }
  std::string load_error() const {
    try {
      (void)load_skill(skill());
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::Skill);
      return error.what();
    }
    return {};
  }
  /// Whether the canary's content is anywhere below the guest's home.
  static bool canary_arrived() {
    return exec(std::string("sudo -n grep -rq ") + kCanary + " /home/ubuntu").exit_code == 0;
  }

  static constexpr const char* kCanary = "canary-5f1c0e";

 private:
  TempDir host_;
};

TEST_F(SkillUpload, KeepsTheModesOfFilesAndFolders) {
  add("scripts/run.sh", "#!/bin/sh\n", 0755);
  add("private", "p", 0600);
  add("fixed", "f", 0444);
  add("special", "s", 04755);
  add("closed/inside", "i", 0640);
  ASSERT_EQ(::chmod((skill() / "closed").c_str(), 0550), 0);
  install();
  const auto found = installed();
  EXPECT_EQ(found.at("scripts/run.sh"), "f 755 ubuntu");
  EXPECT_EQ(found.at("private"), "f 600 ubuntu");
  EXPECT_EQ(found.at("fixed"), "f 444 ubuntu");
  EXPECT_EQ(found.at("special"), "f 4755 ubuntu");
  EXPECT_EQ(found.at("closed"), "d 550 ubuntu");
  EXPECT_EQ(found.at("closed/inside"), "f 640 ubuntu");
  ::chmod((skill() / "closed").c_str(), 0755);
  exec("chmod 755 ~/.claude/skills/probe/closed");
}

TEST_F(SkillUpload, KeepsLinksAsLinks) {
  add("data/real", "r");
  fs::create_symlink("data/real", skill() / "link");
  fs::create_symlink("../data", skill() / "data/circle");
  ASSERT_EQ(load_error(), "");
  install();
  const auto found = installed();
  EXPECT_EQ(found.at("link"), "l 777 ubuntu data/real");
  EXPECT_EQ(found.at("data/circle"), "l 777 ubuntu ../data");
  EXPECT_EQ(exec("cat ~/.claude/skills/probe/link").out, "r");
}

TEST_F(SkillUpload, KeepsFileNamesWhateverTheyHold) {
  const std::vector<std::string> names = {
      "with space", "line\nfeed",     "quote's \"both\"", "-rf", "back\\slash",
      "$(touch x)", "\xff\xfe bytes", "\xc3\xa4\xc3\xb6", "*",   std::string(255, 'n')};
  for (const std::string& name : names) add("odd/" + name, name);
  install();
  const auto found = installed();
  for (const std::string& name : names)
    EXPECT_EQ(found.count("odd/" + name), 1U) << printable(name);
  EXPECT_EQ(exec("cd ~/.claude/skills/probe/odd && cat ./$'line\\nfeed'").out, "line\nfeed");
}

TEST_F(SkillUpload, KeepsContentByteForByte) {
  const std::string content = random_bytes(1'500'000);
  add("blob", content);
  add("empty", "");
  install();
  EXPECT_THAT(exec("sha256sum < ~/.claude/skills/probe/blob").out, HasSubstr(sha256(content)));
  EXPECT_EQ(exec("wc -c < ~/.claude/skills/probe/empty").out, "0\n");
}

TEST_F(SkillUpload, OfALinkOutOfTheSkillIsRefused) {
  fs::create_symlink(canary(), skill() / "absolute");
  EXPECT_THAT(load_error(), HasSubstr("absolute"));
  fs::remove(skill() / "absolute");
  fs::create_symlink("../canary", skill() / "relative");
  EXPECT_THAT(load_error(), HasSubstr("relative"));
  fs::remove(skill() / "relative");
  fs::create_symlink("..", skill() / "above");
  EXPECT_THAT(load_error(), HasSubstr("above"));
}

TEST_F(SkillUpload, DoesNotFollowALinkThatReplacedAFileAfterTheSkillWasLoaded) {
  add("data", "harmless");
  ASSERT_EQ(load_error(), "");
  fs::remove(skill() / "data");
  fs::create_symlink(canary(), skill() / "data");
  install();
  EXPECT_EQ(installed().at("data"), "l 777 ubuntu " + canary().string());
  EXPECT_NE(exec("cat ~/.claude/skills/probe/data").exit_code, 0);
  EXPECT_FALSE(canary_arrived());
}

TEST_F(SkillUpload, DoesNotFollowALinkThatReplacedAFolderAfterTheSkillWasLoaded) {
  add("folder/file", "harmless");
  ASSERT_EQ(load_error(), "");
  const TempDir elsewhere;
  write_file(elsewhere.path() / "file", kCanary);
  fs::remove_all(skill() / "folder");
  fs::create_symlink(elsewhere.path(), skill() / "folder");
  install();
  EXPECT_EQ(installed().at("folder"), "l 777 ubuntu " + elsewhere.path().string());
  EXPECT_EQ(installed().count("folder/file"), 0U);
  EXPECT_FALSE(canary_arrived());
}

TEST_F(SkillUpload, OfADeviceOrPipeIsRefusedAndDoesNotHang) {
  ASSERT_EQ(::mkfifo((skill() / "pipe").c_str(), 0600), 0);
  EXPECT_THAT(load_error(), HasSubstr("pipe"));
  EXPECT_THROW(install(), Error);
}

TEST_F(SkillUpload, DoesFindTheCanaryWhereItIs) {
  // The yardstick of canary_arrived().
  add("data", kCanary);
  install();
  EXPECT_TRUE(canary_arrived());
}

}  // namespace
}  // namespace skillaudit
