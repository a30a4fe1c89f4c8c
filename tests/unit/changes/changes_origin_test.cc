#include <gtest/gtest.h>

#include <algorithm>

#include "changes_sample.h"
#include "harness/changes/noise.h"

namespace skillaudit {
namespace {

using namespace sample;

class Origins : public testing::Test {
 protected:
  void add(FileEntry entry) { evidence_.after.files.push_back(std::move(entry)); }
  void keep(FileEntry entry) {
    evidence_.before.files.push_back(entry);
    evidence_.after.files.push_back(std::move(entry));
  }
  void modify(FileEntry before, FileEntry after) {
    evidence_.before.files.push_back(std::move(before));
    evidence_.after.files.push_back(std::move(after));
  }
  void remove(FileEntry entry) { evidence_.before.files.push_back(std::move(entry)); }
  void install(const std::string& package, std::vector<std::string> paths) {
    evidence_.after.packages.push_back(dpkg(package));
    evidence_.package_files.push_back({"dpkg", package, std::move(paths)});
  }
  /// Of the one change of `path`; Origin::Skill also where there is none, which fails the test.
  Origin of(const std::string& path) {
    const auto by_path = [](const FileEntry& a, const FileEntry& b) { return a.path < b.path; };
    std::sort(evidence_.before.files.begin(), evidence_.before.files.end(), by_path);
    std::sort(evidence_.after.files.begin(), evidence_.after.files.end(), by_path);
    changes_ = compare(evidence_);
    const auto* change = change_of(changes_, path);
    EXPECT_NE(change, nullptr) << path << " did not change";
    return change ? change->origin : Origin::Skill;
  }

  Evidence evidence_;
  Changes changes_;
};

TEST_F(Origins, OfAnythingUnexplainedIsTheSkill) {
  add(file("/home/ubuntu/x"));
  EXPECT_EQ(of("/home/ubuntu/x"), Origin::Skill);
}

TEST_F(Origins, OfAPackagesFilesIsThePackageAlsoWhereUsrIsMerged) {
  keep(link("/lib", "usr/lib"));
  install("jq", {"/.", "/usr", "/usr/bin/jq", "/lib/x86_64-linux-gnu/libjq.so.1"});
  add(file("/usr/bin/jq"));
  add(file("/usr/lib/x86_64-linux-gnu/libjq.so.1"));
  EXPECT_EQ(of("/usr/bin/jq"), Origin::Package);
  EXPECT_EQ(change_of(changes_, "/usr/bin/jq")->package, "jq");
  EXPECT_EQ(of("/usr/lib/x86_64-linux-gnu/libjq.so.1"), Origin::Package);
}

TEST_F(Origins, OfAFileInAHomeIsNotADebianPackageWhateverItsListClaims) {
  install("evil", {"/home/ubuntu/.ssh/authorized_keys", "/root/.bashrc", "/etc/passwd", "/etc"});
  add(file("/home/ubuntu/.ssh/authorized_keys"));
  add(file("/root/.bashrc"));
  modify(file("/etc/passwd"), file("/etc/passwd", 99));
  modify(folder("/etc"), folder("/etc", 0777));
  EXPECT_EQ(of("/home/ubuntu/.ssh/authorized_keys"), Origin::Skill);
  EXPECT_EQ(of("/root/.bashrc"), Origin::Skill);
  EXPECT_EQ(of("/etc/passwd"), Origin::Skill) << "a new package replaces nothing";
  EXPECT_EQ(of("/etc"), Origin::Skill) << "every package lists /etc";
}

TEST_F(Origins, OfAFileThatAnUpgradeReplacesIsThePackage) {
  evidence_.before.packages = {dpkg("curl", "1")};
  evidence_.after.packages = {dpkg("curl", "2")};
  evidence_.package_files = {{"dpkg", "curl", {"/usr/bin/curl"}}};
  modify(file("/usr/bin/curl", 1), file("/usr/bin/curl", 2));
  EXPECT_EQ(of("/usr/bin/curl"), Origin::Package);
}

TEST_F(Origins, OfAPackagesBytecodeIsThePackageAndOfOtherBytecodeIsNot) {
  const std::string site = "/usr/lib/python3/dist-packages/";
  install("python3-foo", {site + "foo", site + "foo/a.py"});
  add(folder(site + "foo"));
  add(folder(site + "foo/__pycache__"));
  add(file(site + "foo/__pycache__/a.cpython-311.pyc"));
  add(file(site + "foo/__pycache__/b.cpython-311.pyc"));
  EXPECT_EQ(of(site + "foo/__pycache__/a.cpython-311.pyc"), Origin::Package);
  EXPECT_EQ(of(site + "foo/__pycache__"), Origin::PackageManager);
  EXPECT_EQ(of(site + "foo/__pycache__/b.cpython-311.pyc"), Origin::Skill);
}

TEST_F(Origins, OfDpkgsStateIsThePackageManagerOnlyWherePackagesChanged) {
  modify(file("/var/lib/dpkg/status"), file("/var/lib/dpkg/status", 99));
  modify(file("/etc/ld.so.cache"), file("/etc/ld.so.cache", 99));
  EXPECT_EQ(of("/var/lib/dpkg/status"), Origin::Skill);
  EXPECT_EQ(of("/etc/ld.so.cache"), Origin::Skill);
  install("jq", {});
  EXPECT_EQ(of("/var/lib/dpkg/status"), Origin::PackageManager);
  EXPECT_EQ(of("/etc/ld.so.cache"), Origin::PackageManager);
}

TEST_F(Origins, OfWhatAptKeepsIsThePackageManagerWhereAptAskedAMirror) {
  add(file("/var/lib/apt/extended_states"));
  add(file("/var/cache/apt/archives/jq.deb"));
  EXPECT_EQ(of("/var/lib/apt/extended_states"), Origin::Skill);
  EXPECT_EQ(of("/var/cache/apt/archives/jq.deb"), Origin::Skill);
  evidence_.flows.emplace_back().user_agent = "Debian APT-HTTP/1.3 (2.6.1)";
  EXPECT_EQ(of("/var/lib/apt/extended_states"), Origin::PackageManager);
  EXPECT_EQ(of("/var/cache/apt/archives/jq.deb"), Origin::PackageManager);
}

TEST_F(Origins, OfAptsOwnCachesIsThePackageManagerAlsoWhereItReachedNoMirror) {
  const std::string lists = "/var/lib/apt/lists/";
  for (const auto& path :
       {std::string("/var/cache/apt/pkgcache.bin"), std::string("/var/cache/apt/srcpkgcache.bin"),
        lists + "mirror_dists_bookworm_InRelease", lists + "mirror_main_binary-amd64_Packages.lz4",
        lists + "partial/mirror_InRelease.FAILED"}) {
    add(file(path));
    EXPECT_EQ(of(path), Origin::PackageManager) << path;
  }
}

TEST_F(Origins, OfWhatOnlyStandsAmongAptsCachesIsTheSkill) {
  add(file("/var/cache/apt/payload.bin"));
  add(file("/var/lib/apt/lists/payload"));
  add(file("/var/lib/apt/lists/auxfiles/payload"));
  add(file("/var/cache/apt/pkgcache.bin", 10, 04755));
  modify(folder("/var/lib/apt/lists"), folder("/var/lib/apt/lists", 0777));
  for (const char* path :
       {"/var/cache/apt/payload.bin", "/var/lib/apt/lists/payload",
        "/var/lib/apt/lists/auxfiles/payload", "/var/cache/apt/pkgcache.bin", "/var/lib/apt/lists"})
    EXPECT_EQ(of(path), Origin::Skill) << path;
}

TEST_F(Origins, OfLinksThatMaintainerScriptsMakeIsThePackageManager) {
  keep(link("/lib", "usr/lib"));
  install("vim", {"/usr/bin/vim.basic", "/lib/systemd/system/vimd.service", "/etc/init.d/vimd"});
  add(link("/etc/alternatives/vim", "/usr/bin/vim.basic"));
  add(link("/usr/bin/vim", "/etc/alternatives/vim"));
  add(link("/etc/systemd/system/multi-user.target.wants/vimd.service",
           "/lib/systemd/system/vimd.service"));
  add(link("/etc/rc2.d/S01vimd", "../init.d/vimd"));
  add(link("/etc/systemd/system/multi-user.target.wants/evil.service", "/home/u/evil.service"));
  EXPECT_EQ(of("/etc/alternatives/vim"), Origin::Package);
  EXPECT_EQ(of("/usr/bin/vim"), Origin::PackageManager);
  EXPECT_EQ(of("/etc/systemd/system/multi-user.target.wants/vimd.service"), Origin::PackageManager);
  EXPECT_EQ(of("/etc/rc2.d/S01vimd"), Origin::PackageManager);
  EXPECT_EQ(of("/etc/systemd/system/multi-user.target.wants/evil.service"), Origin::Skill);
}

TEST_F(Origins, OfANameThatStandsForWhatNoPackageBroughtIsTheSkill) {
  install("vim", {"/usr/bin/vim.basic"});
  modify(link("/etc/alternatives/pager", "/usr/bin/less"),
         link("/etc/alternatives/pager", "/home/u/.cache/pager"));
  modify(link("/etc/alternatives/editor", "/usr/bin/nano"),
         link("/etc/alternatives/editor", "/usr/bin/vim.basic"));
  add(link("/etc/alternatives/awk", "/tmp/awk"));
  EXPECT_EQ(of("/etc/alternatives/pager"), Origin::Skill);
  EXPECT_EQ(of("/etc/alternatives/editor"), Origin::Package);
  EXPECT_EQ(of("/etc/alternatives/awk"), Origin::Skill);
}

TEST_F(Origins, OfAPythonPackagesFilesEndAtItsOwnPrefix) {
  const std::string prefix = "/home/ubuntu/.local";
  const std::string site = prefix + "/lib/python3.11/site-packages";
  evidence_.after.packages = {{"pip", "tool", "1.0", site}};
  evidence_.package_files = {
      {"pip", "tool", {site + "/tool.py", prefix + "/bin/tool", "/home/ubuntu/.bashrc"}}};
  add(folder(prefix));
  add(folder(site));
  add(file(site + "/tool.py"));
  add(file(prefix + "/bin/tool"));
  add(file("/home/ubuntu/.bashrc"));
  add(file("/home/ubuntu/.cache/pip/http/x"));
  EXPECT_EQ(of(site + "/tool.py"), Origin::Package);
  EXPECT_EQ(of(prefix + "/bin/tool"), Origin::Package);
  EXPECT_EQ(of(prefix), Origin::PackageManager);
  EXPECT_EQ(of("/home/ubuntu/.bashrc"), Origin::Skill);
  EXPECT_EQ(of("/home/ubuntu/.cache/pip/http/x"), Origin::PackageManager);
}

TEST_F(Origins, OfTheSystemsLogsIsTheSystemAsLongAsTheyGrow) {
  modify(file("/var/log/auth.log", 10), file("/var/log/auth.log", 20));
  modify(file("/var/log/syslog", 10), file("/var/log/syslog", 0));
  modify(file("/var/log/wtmp", 10, 0664), file("/var/log/wtmp", 20, 0666));
  remove(file("/var/log/kern.log"));
  add(file("/var/log/skill.log"));
  EXPECT_EQ(of("/var/log/auth.log"), Origin::System);
  EXPECT_EQ(of("/var/log/syslog"), Origin::Skill) << "a log that shrank was cleared";
  EXPECT_EQ(of("/var/log/wtmp"), Origin::Skill) << "permissions are never noise";
  EXPECT_EQ(of("/var/log/kern.log"), Origin::Skill);
  EXPECT_EQ(of("/var/log/skill.log"), Origin::Skill);
}

TEST_F(Origins, OfPrivateTmpIsTheSystemButNotWhatLiesInIt) {
  const std::string top = "/tmp/systemd-private-0-x.service-y";
  add(folder(top, 0700));
  add(folder(top + "/tmp", 01777));
  add(file(top + "/tmp/payload"));
  EXPECT_EQ(of(top), Origin::System);
  EXPECT_EQ(of(top + "/tmp"), Origin::System);
  EXPECT_EQ(of(top + "/tmp/payload"), Origin::Skill);
}

TEST_F(Origins, OfWhatTheControlSawIsTheSystemExceptForSetuidAndClearedLogs) {
  evidence_.control = {"/var/lib/odd/state", "/var/log/odd.log", "/usr/bin/odd"};
  modify(file("/var/lib/odd/state"), file("/var/lib/odd/state", 99));
  remove(file("/var/log/odd.log"));
  add(file("/usr/bin/odd", 1, 04755));
  add(file("/var/lib/odd/state2"));
  EXPECT_EQ(of("/var/lib/odd/state"), Origin::System);
  EXPECT_EQ(of("/var/log/odd.log"), Origin::Skill);
  EXPECT_EQ(of("/usr/bin/odd"), Origin::Skill);
  EXPECT_EQ(of("/var/lib/odd/state2"), Origin::Skill);
}

TEST_F(Origins, OfTheInstalledSkillIsItsFolderAsLongAsItIsAsInstalled) {
  const std::string top = "/home/ubuntu/.claude/skills/demo";
  evidence_.environment.skill_dir = top;
  evidence_.skill.files = {{"SKILL.md", 0644, 10, "aa", ""},
                           {"link", 0777, 0, "", "SKILL.md"},
                           {"scripts/edited.sh", 0755, 10, "bb", ""},
                           {"scripts/run.sh", 0755, 10, "cc", ""}};
  evidence_.digests = {{top + "/SKILL.md", "aa"},
                       {top + "/scripts/edited.sh", "dd"},
                       {top + "/scripts/run.sh", "cc"}};
  add(folder("/home/ubuntu/.claude"));
  add(folder(top));
  add(folder(top + "/scripts"));
  add(folder(top + "/output"));
  add(file(top + "/SKILL.md"));
  add(link(top + "/link", "SKILL.md"));
  add(file(top + "/scripts/edited.sh", 10, 0755));
  add(file(top + "/scripts/run.sh", 10, 0777));
  add(file(top + "/scripts/new.sh"));
  EXPECT_EQ(of("/home/ubuntu/.claude"), Origin::SkillFolder);
  EXPECT_EQ(of(top), Origin::SkillFolder);
  EXPECT_EQ(of(top + "/scripts"), Origin::SkillFolder);
  EXPECT_EQ(of(top + "/SKILL.md"), Origin::SkillFolder);
  EXPECT_EQ(change_of(changes_, top + "/SKILL.md")->sha256, "aa");
  EXPECT_EQ(of(top + "/link"), Origin::SkillFolder);
  EXPECT_EQ(of(top + "/output"), Origin::Skill);
  EXPECT_EQ(of(top + "/scripts/edited.sh"), Origin::Skill);
  EXPECT_EQ(of(top + "/scripts/run.sh"), Origin::Skill) << "its mode is not as installed";
  EXPECT_EQ(of(top + "/scripts/new.sh"), Origin::Skill);
}

TEST(NoiseRules, EachGiveAReasonAndAnAbsolutePath) {
  for (const auto rules :
       {system_noise(), dpkg_noise(), apt_noise(), apt_caches(), pip_noise(), npm_noise()}) {
    for (const auto& rule : rules) {
      EXPECT_FALSE(rule.why.empty()) << rule.pattern;
      EXPECT_NE(rule.kinds, 0U) << rule.pattern;
      EXPECT_TRUE(rule.pattern.starts_with("/") || rule.pattern.starts_with("~/")) << rule.pattern;
    }
  }
}

TEST(NoisePatterns, KeepAStarWithinOneFolder) {
  EXPECT_TRUE(
      matches_pattern("/var/log/journal/*/user-*.journal", "/var/log/journal/m/user-1.journal"));
  EXPECT_FALSE(
      matches_pattern("/var/log/journal/*/user-*.journal", "/var/log/journal/m/n/user-1.journal"));
  EXPECT_FALSE(matches_pattern("/a/*", "/a"));
  EXPECT_FALSE(matches_pattern("/a/b", "/a/bc"));
}

TEST(NoisePatterns, LetTwoStarsCrossFoldersAndATildeBeAnyHome) {
  EXPECT_TRUE(matches_pattern("/a/**", "/a"));
  EXPECT_TRUE(matches_pattern("/a/**", "/a/b/c"));
  EXPECT_FALSE(matches_pattern("/a/**", "/ab"));
  EXPECT_TRUE(matches_pattern("~/.npm", "/root/.npm"));
  EXPECT_TRUE(matches_pattern("~/.npm", "/home/u/.npm"));
  EXPECT_FALSE(matches_pattern("~/.npm", "/home/u/v/.npm"));
}

}  // namespace
}  // namespace skillaudit
