#include "harness/skill/git_clone.h"

#include <gmock/gmock.h>

#include <chrono>
#include <thread>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/temp_dir.h"
#include "harness/base/text.h"
#include "tests/unit/skill/loopback_port.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class Cloned : public testing::Test {
 protected:
  Cloned() {
    fs::create_directories(repository);
    git({"init", "--quiet", "--initial-branch=main"});
    write("SKILL.md", "Text.\n");
  }

  std::string git(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"git", "-C", repository.string(), "-c", "user.name=x",
                                         "-c", "user.email=x@example.org"});
    return std::string(trim(check_output(
        arguments, {.environment = {{"GIT_CONFIG_GLOBAL", "/dev/null"}, {"HOME", top.path()}}})));
  }
  void write(const std::string& name, std::string_view content) const {
    fs::create_directories((repository / name).parent_path());
    write_file(repository / name, content);
  }
  /// Its id.
  std::string commit() const {
    git({"add", "--all"});
    git({"commit", "--quiet", "--message=x"});
    return git({"rev-parse", "HEAD"});
  }
  [[nodiscard]] GitClone clone(const std::string& behind = {}, const CloneLimits& limits = {}) {
    return clone_url("file://" + repository.string() + behind, limits);
  }
  [[nodiscard]] GitClone clone_url(const std::string& url, const CloneLimits& limits = {}) {
    const fs::path work = top.path() / std::to_string(++clones_);
    fs::create_directory(work);
    return clone_repository(git_address(url).value(), work, limits);
  }
  std::string complaint(const std::string& url, const CloneLimits& limits, ErrorKind kind) {
    try {
      (void)clone_url(url, limits);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), kind) << error.what();
      return error.what();
    }
    return {};
  }
  std::string complaint_of(const std::string& behind, const CloneLimits& limits = {}) {
    return complaint("file://" + repository.string() + behind, limits, ErrorKind::Skill);
  }

  const TempDir top;
  const fs::path repository = top.path() / "tools";

 private:
  int clones_ = 0;
};

TEST_F(Cloned, HasTheFilesOfTheNewestCommitAndItsId) {
  write("run.sh", "ls\n");
  fs::permissions(repository / "run.sh", fs::perms(0755));
  (void)commit();
  write("SKILL.md", "Other text.\n");
  const std::string id = commit();
  const GitClone cloned = clone();
  EXPECT_EQ(cloned.commit, id);
  EXPECT_EQ(cloned.folder.filename(), "tools");
  EXPECT_EQ(read_file(cloned.folder / "SKILL.md"), "Other text.\n");
  EXPECT_EQ(fs::status(cloned.folder / "run.sh").permissions() & fs::perms::owner_exec,
            fs::perms::owner_exec);
  EXPECT_FALSE(fs::exists(cloned.folder / ".git"));
  EXPECT_FALSE(fs::exists(cloned.folder.parent_path().parent_path() / "repository"));
}

TEST_F(Cloned, TakesABranchATagOrACommit) {
  const std::string first = commit();
  git({"tag", "--annotate", "v1", "--message=x"});
  git({"checkout", "--quiet", "-b", "feature/a"});
  write("SKILL.md", "Of a feature.\n");
  const std::string second = commit();
  git({"checkout", "--quiet", "main"});
  EXPECT_EQ(clone("#v1").commit, first);
  EXPECT_EQ(clone("#feature/a").commit, second);
  EXPECT_EQ(clone("#" + second).commit, second);
  EXPECT_THAT(complaint_of("#v2"), AllOf(HasSubstr("cannot clone file://"), HasSubstr("v2")));
}

TEST_F(Cloned, WritesTheFolderAlone) {
  write("skills/a/SKILL.md", "A.\n");
  write("skills/b/SKILL.md", "B.\n");
  (void)commit();
  const GitClone cloned = clone("#main:skills/a");
  EXPECT_TRUE(fs::exists(cloned.folder / "skills/a/SKILL.md"));
  EXPECT_FALSE(fs::exists(cloned.folder / "skills/b"));
  EXPECT_FALSE(fs::exists(cloned.folder / "SKILL.md"));
  EXPECT_THAT(complaint_of("#main:skills/c"), HasSubstr("has no folder `skills/c` with files"));
}

TEST_F(Cloned, RunsNothingOfTheRepository) {
  // Filters and hooks of the user's own settings, which a repository could ask for.
  const fs::path marker = top.path() / "marker";
  const fs::path hooks = top.path() / "template/hooks";
  fs::create_directories(hooks);
  write_file(hooks / "post-checkout", "#!/bin/sh\ntouch " + marker.string() + "\n", 0755);
  write_file(top.path() / "config", "[filter \"x\"]\n\tsmudge = touch " + marker.string() +
                                        "; cat\n\trequired = true\n[init]\n\ttemplateDir = " +
                                        hooks.parent_path().string() +
                                        "\n[core]\n\thooksPath = " + hooks.string() + "\n");
  write(".gitattributes",
        "*.md filter=x text eol=crlf ident export-ignore working-tree-encoding=UTF-16\n");
  write("a.md", "One $Id$\n");
  // They are not for us who make it.
  write_file(repository / ".git/info/attributes", "* -filter -text -ident -working-tree-encoding");
  (void)commit();
  ::setenv("GIT_CONFIG_GLOBAL", (top.path() / "config").c_str(), 1);
  const GitClone cloned = clone();
  ::unsetenv("GIT_CONFIG_GLOBAL");
  EXPECT_EQ(read_file(cloned.folder / "a.md"), "One $Id$\n");
  EXPECT_FALSE(fs::exists(marker));
}

TEST_F(Cloned, LeavesSubmodulesOutAndLinksAsTheyAre) {
  fs::create_symlink("/etc/passwd", repository / "link");
  write(".gitmodules", "[submodule \"sub\"]\n\tpath = sub\n\turl = file:///nowhere\n");
  git({"update-index", "--add", "--cacheinfo",
       "160000,0123456789012345678901234567890123456789,sub"});
  (void)commit();
  const GitClone cloned = clone();
  EXPECT_EQ(fs::read_symlink(cloned.folder / "link"), "/etc/passwd");
  EXPECT_TRUE(!fs::exists(cloned.folder / "sub") || fs::is_empty(cloned.folder / "sub"));
}

TEST_F(Cloned, StopsAtARepositoryThatIsTooLarge) {
  write("zeros", std::string(3 << 20, '\0'));
  (void)commit();
  EXPECT_THAT(complaint_of("", {.bytes = 1 << 20}),
              HasSubstr("has 2 files with 3.0 MiB, the limit is 100000 with 1.0 MiB"));
  EXPECT_THAT(complaint_of("", {.files = 1}), HasSubstr("has 2 files"));
}

TEST_F(Cloned, StopsAtATreeThatHoldsItselfTenTimesOver) {
  const std::string id = git({"hash-object", "-w", "SKILL.md"});
  std::string tree = git({"mktree"});
  std::string rows = "100644 blob " + id + "\tf\n";
  for (int depth = 0; depth < 10; ++depth) {
    tree = std::string(
        trim(run_command({"git", "-C", repository.string(), "mktree"}, {.input = rows}).out));
    rows.clear();
    for (char name = '0'; name <= '9'; ++name) rows += "040000 tree " + tree + "\t" + name + "\n";
  }
  git({"update-ref", "refs/heads/bomb", git({"commit-tree", tree, "-m", "x"})});
  EXPECT_THAT(complaint_of("#bomb"), HasSubstr("has too many files to list"));
}

TEST_F(Cloned, ReadsFromAServer) {
  const std::string id = commit();
  const LoopbackPort port(LoopbackPort::Kind::Free);
  const Process daemon({"git", "daemon", "--export-all", "--listen=127.0.0.1",
                        "--port=" + port.number(), "--base-path=" + top.path().string()});
  const std::string url = "git://127.0.0.1:" + port.number() + "/tools";
  for (int tries = 0;; ++tries) try {
      EXPECT_EQ(clone_url(url).commit, id);
      break;
    } catch (const Error&) {
      if (tries == 50) throw;  // until it listens
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
}

TEST_F(Cloned, WaitsForNobodyForever) {
  const LoopbackPort port(LoopbackPort::Kind::Silent);
  const std::string place = "127.0.0.1:" + port.number();
  for (const char* start : {"git://", "http://me:secret@"})
    EXPECT_THAT(complaint(start + place + "/x.git", {.answer = std::chrono::seconds(1)},
                          ErrorKind::Environment),
                AllOf(HasSubstr(place + " did not answer within 1 s: check the address"),
                      Not(HasSubstr("secret"))));
}

TEST_F(Cloned, RepeatsNoCredentialsOfTheAddress) {
  const LoopbackPort port(LoopbackPort::Kind::Free);
  for (const char* scheme : {"http", "git"})
    EXPECT_THAT(complaint(std::string(scheme) + "://me:secret@127.0.0.1:" + port.number() + "/x",
                          {}, ErrorKind::Skill),
                AllOf(StartsWith("cannot clone "), Not(HasSubstr("secret"))));
}

}  // namespace
}  // namespace skillaudit
