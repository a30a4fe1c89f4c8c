#include "harness/skill/git_address.h"

#include <gmock/gmock.h>

#include "harness/base/error.h"

namespace skillaudit {
namespace {

using testing::HasSubstr;

GitAddress address(const std::string& word, const std::string& ref = {}) {
  const auto found = git_address(word, ref);
  if (!found) throw std::runtime_error(word + " is no address");
  return *found;
}

std::string complaint(const std::string& word, const std::string& ref = {}) {
  try {
    (void)git_address(word, ref);
  } catch (const Error& error) {
    return error.kind() == ErrorKind::Usage ? error.what() : "";
  }
  return {};
}

TEST(GitAddress, IsNoPathOfThisMachine) {
  for (const char* word : {"skills", "./a.git", "/srv/a:b.git", "a/b:c.git", ".", "my skill",
                           "C:notes", "ext::sh -c id", "-x@h:p"})
    EXPECT_FALSE(git_address(word)) << word;
}

TEST(GitAddress, HasEachFormThatGitReads) {
  for (const char* word :
       {"https://example.org/team/tools.git", "http://example.org/tools",
        "ssh://git@example.org/~me/tools.git", "git://example.org/tools/",
        "file:///srv/git/tools.git", "git@example.org:team/tools.git", "example.org:tools.git"}) {
    EXPECT_EQ(address(word).url, word);
    EXPECT_EQ(address(word).name, "tools") << word;
    EXPECT_EQ(address(word).ref + address(word).path, "") << word;
  }
  EXPECT_EQ(address("https://example.org:8443/x.git").host, "example.org:8443");
  EXPECT_EQ(address("git@example.org:team/x.git").host, "example.org");
  EXPECT_EQ(address("file:///srv/x.git").host, "");
}

TEST(GitAddress, TakesRefAndFolderFromTheFragment) {
  const GitAddress found = address("https://example.org/x.git#v1.2:skills/notes/");
  EXPECT_EQ(found.url, "https://example.org/x.git");
  EXPECT_EQ(found.ref, "v1.2");
  EXPECT_EQ(found.path, "skills/notes");
  EXPECT_EQ(address("git@example.org:x.git#feature/a").ref, "feature/a");
  EXPECT_EQ(address("file:///x.git#:skills/./a/SKILL.md").path, "skills/a");
  EXPECT_EQ(address("https://example.org/x", "main").ref, "main");
}

TEST(GitAddress, ReadsThePageOfAFolder) {
  const GitAddress found = address("https://example.org/team/tools/tree/main/skills/notes");
  EXPECT_EQ(found.url, "https://example.org/team/tools");
  EXPECT_EQ(found.name, "tools");
  EXPECT_EQ(found.ref, "main");
  EXPECT_EQ(found.path, "skills/notes");
  EXPECT_EQ(address("https://example.org/g/s/tools/-/tree/v1/a").url,
            "https://example.org/g/s/tools");
  EXPECT_EQ(address("https://example.org/o/r/blob/main/a/SKILL.md").path, "a");
  EXPECT_EQ(address("https://example.org/o/tree.git").name, "tree");
}

TEST(GitAddress, ShowsNoCredentials) {
  const GitAddress found = address("https://me:secret@example.org/x.git?token=secret");
  EXPECT_EQ(found.url, "https://me:secret@example.org/x.git?token=secret");
  EXPECT_EQ(found.shown, "https://example.org/x.git");
  EXPECT_EQ(address("ssh://git:secret@example.org/x.git").shown, "ssh://git@example.org/x.git");
}

TEST(GitAddress, RefusesWhatCannotBeMeant) {
  EXPECT_THAT(complaint("ftp://example.org/x.git"), HasSubstr("https, http, ssh, git or file"));
  EXPECT_THAT(complaint("https://h/x.git#--upload-pack=id"), HasSubstr("no branch, tag or commit"));
  EXPECT_THAT(complaint("https://h/x.git#", "a:b"), HasSubstr("no branch"));
  EXPECT_THAT(complaint("https://h/x.git#main:../etc"), HasSubstr("is not in the repository"));
  EXPECT_THAT(complaint("https://h/x.git#main:/etc"), HasSubstr("is not in the repository"));
  EXPECT_THAT(complaint("https://h/x.git#main", "dev"), HasSubstr("give one of them"));
}

}  // namespace
}  // namespace skillaudit
