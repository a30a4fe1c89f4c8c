#include "harness/traffic/mirrors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/file.h"
#include "harness/base/temp_dir.h"
#include "harness/traffic/apt_sources.h"
#include "harness/traffic/policy.h"

namespace skillaudit {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// A system's root with just the files that a test writes.
class Mirrors : public testing::Test {
 protected:
  void SetUp() override { put("etc/os-release", "ID=debian\nVERSION_CODENAME=bookworm\n"); }
  void put(const std::string& path, std::string_view text) {
    std::filesystem::create_directories((root_.path() / path).parent_path());
    write_file(root_.path() / path, text);
  }
  void put_keyring() { put("usr/share/keyrings/debian-archive-keyring.gpg", "x"); }
  HostMirrors read() { return host_mirrors(root_.path()); }

 private:
  TempDir root_;
};

TEST_F(Mirrors, OfABareSystemAreNone) {
  const HostMirrors mirrors = read();
  EXPECT_EQ(mirrors.codename, "bookworm");
  EXPECT_EQ(mirrors.apt_sources, "");
  EXPECT_THAT(mirrors.apt_urls, IsEmpty());
  EXPECT_EQ(mirrors.npm_registry, "");
}

TEST_F(Mirrors, OfDeb822FilesComeWithoutCommentsAndThirdParties) {
  put_keyring();
  put("etc/apt/sources.list.d/debian.sources",
      "Types: deb deb-src\n# where it came from\nURIs: http://deb.example.com/debian/\nSuites: "
      "bookworm\n bookworm-updates\n"
      "Components: main contrib\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n\n"
      "Types: deb\nURIs: http://deb.example.com/debian-security\nSuites: "
      "bookworm-security\nComponents: main\n"
      "Signed-By: /etc/apt/keyrings/debian-archive-keyring.gpg\n");
  put("etc/apt/sources.list.d/third.sources",
      "Types: deb\nURIs: https://third.example.com/node\nSuites: bookworm\nComponents: main\n"
      "Signed-By: /usr/share/keyrings/third.gpg\n\n"
      "Types: deb\nURIs: https://fourth.example.com\nSuites: bookworm\nComponents: main\n"
      "Signed-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abc\n");
  const HostMirrors mirrors = read();
  EXPECT_EQ(mirrors.apt_sources,
            "Types: deb\nURIs: http://deb.example.com/debian\nSuites: bookworm "
            "bookworm-updates\nComponents: main contrib\n"
            "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n"
            "\n"
            "Types: deb\nURIs: http://deb.example.com/debian-security\nSuites: "
            "bookworm-security\nComponents: main\n"
            "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n");
  EXPECT_THAT(mirrors.apt_urls, ElementsAre("http://deb.example.com/debian",
                                            "http://deb.example.com/debian-security"));
}

TEST_F(Mirrors, OfOneLineFilesAreTheReleasesOwnSuites) {
  put("etc/apt/sources.list",
      "# deb http://comment.example.com/debian bookworm main\n"
      "deb http://deb.example.com/debian bookworm main contrib # why not\n"
      "deb-src http://deb.example.com/debian bookworm main\n"
      "deb [arch=amd64,i386] http://deb.example.com/debian bookworm-backports main\n"
      "deb http://deb.example.com/debian sid main\n"
      "deb http://other.example.com/repo stable main\n"
      "deb cdrom:[Debian 12]/ bookworm main\n"
      "deb [signed-by=/k.gpg] http://third.example.com/x bookworm main\n"
      "deb http://deb.example.com/debian\n");
  const HostMirrors mirrors = read();
  EXPECT_EQ(mirrors.apt_sources,
            "Types: deb\nURIs: http://deb.example.com/debian\nSuites: bookworm\nComponents: main "
            "contrib\n"
            "\n"
            "Types: deb\nURIs: http://deb.example.com/debian\nSuites: "
            "bookworm-backports\nComponents: main\n"
            "Architectures: amd64 i386\n");
  EXPECT_THAT(mirrors.apt_urls, ElementsAre("http://deb.example.com/debian"));
}

TEST_F(Mirrors, OfAThirdPartyThatUsesTheCodenameAreToldByTheirRelease) {
  put("etc/apt/sources.list",
      "deb http://deb.example.com/debian bookworm main\ndeb https://third.example.com/a_b bookworm "
      "main\n");
  put("var/lib/apt/lists/deb.example.com_debian_dists_bookworm_InRelease",
      "Hash: SHA256\n\nOrigin: Debian\nLabel: Debian\n");
  put("var/lib/apt/lists/third.example.com_a%5fb_dists_bookworm_Release",
      "Origin: Third\nLabel: Third\n");
  EXPECT_THAT(read().apt_urls, ElementsAre("http://deb.example.com/debian"));
}

TEST_F(Mirrors, LeaveOutWhatIsDisabled) {
  put_keyring();
  put("etc/apt/sources.list.d/a.sources",
      "Enabled: no\nTypes: deb\nURIs: http://deb.example.com/debian\nSuites: bookworm\n"
      "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n");
  put("etc/apt/sources.list.d/b.list.disabled",
      "deb http://deb.example.com/debian bookworm main\n");
  EXPECT_EQ(read().apt_sources, "");
}

TEST_F(Mirrors, CarryNoSecrets) {
  put("etc/apt/sources.list", "deb https://me:word@deb.example.com/debian bookworm main\n");
  put("etc/npmrc",
      "//npm.example.com/:_authToken=word\nregistry=https://me:word@npm.example.com/\n");
  const HostMirrors mirrors = read();
  EXPECT_THAT(mirrors.apt_sources, testing::Not(testing::HasSubstr("word")));
  EXPECT_THAT(mirrors.apt_urls, ElementsAre("https://deb.example.com/debian"));
  EXPECT_EQ(mirrors.npm_registry, "https://npm.example.com");
}

TEST_F(Mirrors, OfNpmComeFromTheUsersFileFirst) {
  put("etc/npmrc", "registry=https://global.example.com/npm/\n");
  EXPECT_EQ(read().npm_registry, "https://global.example.com/npm");
  put("root/.npmrc", "; mine\nregistry = \"https://user.example.com/\"\n");
  EXPECT_EQ(read().npm_registry, "https://user.example.com");
}

TEST(HostMirrorsOfThisSystem, MakeAPolicy) {
  const HostMirrors mirrors = host_mirrors();
  EXPECT_EQ(mirrors.apt_sources.empty(), mirrors.apt_urls.empty());
  const Policy policy = mirror_policy(mirrors);
  EXPECT_EQ(policy.rules.size(), mirrors.apt_urls.size() + (mirrors.npm_registry.empty() ? 0 : 1));
  EXPECT_EQ(parse_deb822_sources(mirrors.apt_sources).empty(), mirrors.apt_urls.empty());
}

TEST(Npmrc, TheLastRegistryCounts) {
  EXPECT_EQ(registry_of_npmrc(
                "registry=https://a.example.com\n#registry=https://b.example.com\n"
                "@scope:registry=https://c.example.com\nregistry=https://d.example.com/x/\n"),
            "https://d.example.com/x");
  EXPECT_EQ(registry_of_npmrc("registry=${NPM_URL}\n"), "");
  EXPECT_EQ(registry_of_npmrc(""), "");
}

TEST(MirrorUrl, IsHttpOrHttpsAndNothingElse) {
  EXPECT_EQ(clean_mirror_url(" http://a.example.com:8080/x// \n"), "http://a.example.com:8080/x");
  for (const char* url : {"", "undefined", "file:/srv/mirror", "cdrom:[x]/", "mirror+file:/x",
                          "http://", "https:///", "http://a b/", "ftp://a.example.com/"})
    EXPECT_EQ(clean_mirror_url(url), "") << url;
}

TEST(AptSources, ReadBackWhatTheyWrite) {
  AptEntry entry;
  entry.uris = {"http://a.example.com/x"};
  entry.suites = {"bookworm", "bookworm-updates"};
  entry.components = {"main"};
  entry.architectures = {"amd64"};
  entry.signed_by = "/usr/share/keyrings/debian-archive-keyring.gpg";
  entry.trusted = true;
  EXPECT_THAT(parse_deb822_sources(to_deb822(entry)), ElementsAre(entry));
}

TEST(AptSources, MalformedOnesAreLeftOut) {
  EXPECT_THAT(
      parse_one_line_sources("deb\ndeb [x\ndeb [arch=amd64] http://a.example.com\ndebris x y z\n"),
      IsEmpty());
  EXPECT_THAT(parse_deb822_sources(
                  "Types: deb\nSuites: x\n\n continued\nno colon\n\nTypes: deb\nURIs: http://x\n"),
              IsEmpty());
}

}  // namespace
}  // namespace skillaudit
