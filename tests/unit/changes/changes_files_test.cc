#include <gmock/gmock.h>

#include <chrono>

#include "changes_sample.h"

namespace skillaudit {
namespace {

using namespace sample;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

Changes compare_files(std::vector<FileEntry> before, std::vector<FileEntry> after) {
  Evidence evidence;
  evidence.before.files = std::move(before);
  evidence.after.files = std::move(after);
  return compare(evidence);
}

TEST(ChangedFiles, AreAddedModifiedAndDeletedInTheOrderOfTheirPaths) {
  const auto changes =
      compare_files({file("/a"), file("/b"), file("/d")}, {file("/b"), file("/c"), file("/d", 11)});
  ASSERT_THAT(changes.files, SizeIs(3));
  EXPECT_EQ(changes.files[0].path(), "/a");
  EXPECT_EQ(changes.files[0].kind, ChangeKind::Deleted);
  EXPECT_EQ(changes.files[1].path(), "/c");
  EXPECT_EQ(changes.files[1].kind, ChangeKind::Added);
  EXPECT_EQ(changes.files[2].path(), "/d");
  EXPECT_EQ(changes.files[2].kind, ChangeKind::Modified);
}

TEST(ChangedFiles, AreNoneBetweenEqualSnapshots) {
  const std::vector<FileEntry> files = {folder("/a"), file("/a/b"), link("/l", "a")};
  EXPECT_THAT(compare_files(files, files).files, IsEmpty());
}

TEST(ChangedFiles, IgnoreTimesOfFoldersButNotTheirModes) {
  FileEntry touched = folder("/a");
  touched.mtime_ns = touched.ctime_ns = 99;
  EXPECT_THAT(compare_files({folder("/a")}, {touched}).files, IsEmpty());
  touched.mode = 0777;
  const auto changes = compare_files({folder("/a")}, {touched});
  ASSERT_THAT(changes.files, SizeIs(1));
  EXPECT_TRUE(changes.files[0].metadata_changed());
}

TEST(ChangedFiles, SeeAnEditWhoseMtimeWasSetBack) {
  FileEntry edited = file("/etc/passwd");
  edited.ctime_ns = 99;
  const auto changes = compare_files({file("/etc/passwd")}, {edited});
  ASSERT_THAT(changes.files, SizeIs(1));
  EXPECT_FALSE(changes.files[0].content_changed());
  EXPECT_FALSE(changes.files[0].metadata_changed());
}

TEST(ChangedFiles, TellContentFromPermissions) {
  FileEntry chmod = file("/a", 10, 0600);
  chmod.ctime_ns = 99;
  const auto changes = compare_files({file("/a"), link("/b", "x")}, {chmod, link("/b", "y")});
  ASSERT_THAT(changes.files, SizeIs(2));
  EXPECT_TRUE(changes.files[0].metadata_changed());
  EXPECT_FALSE(changes.files[0].content_changed());
  EXPECT_TRUE(changes.files[1].content_changed());
  EXPECT_FALSE(changes.files[1].metadata_changed());
}

TEST(ChangedFiles, ThatAreSetuidAreListedWhoeverBroughtThem) {
  Evidence evidence;
  evidence.before.files = {file("/usr/bin/old", 1, 04755), file("/usr/bin/quiet", 1, 0755)};
  evidence.after.files = {file("/home/u/mine", 1, 02755), file("/usr/bin/new", 1, 04755),
                          file("/usr/bin/old", 2, 04755), file("/usr/bin/quiet", 1, 06755)};
  evidence.after.packages = {dpkg("new")};
  evidence.package_files = {{"dpkg", "new", {"/usr/bin/new"}}};
  const auto changes = compare(evidence);
  std::vector<std::string> paths;
  for (const auto& entry : changes.new_setuid) paths.push_back(entry.path);
  EXPECT_THAT(paths, ElementsAre("/home/u/mine", "/usr/bin/new", "/usr/bin/quiet"));
  EXPECT_EQ(change_of(changes, "/usr/bin/new")->origin, Origin::Package);
}

TEST(PathsToHash, AreRegularFilesWhoseContentMayBeNew) {
  Snapshot before;
  before.files = {file("/chmod"), file("/etc/stamped"), file("/gone"), file("/same"),
                  file("/var/log/syslog")};
  Snapshot after;
  FileEntry chmod = file("/chmod", 10, 0600);
  chmod.ctime_ns = 99;
  FileEntry stamped = file("/etc/stamped");
  stamped.ctime_ns = 99;
  after.files = {folder("/added"), file("/added/x"),           chmod, stamped, link("/link", "x"),
                 file("/same"),    file("/var/log/syslog", 11)};
  EXPECT_THAT(paths_to_hash(before, after), ElementsAre("/added/x", "/chmod", "/etc/stamped"));
}

TEST(ChangedPaths, AreEveryPathThatDiffers) {
  Snapshot before;
  before.files = {file("/a"), file("/var/log/syslog")};
  Snapshot after;
  after.files = {file("/b"), file("/var/log/syslog", 11)};
  EXPECT_THAT(changed_paths(before, after), ElementsAre("/a", "/b", "/var/log/syslog"));
}

TEST(ChangedPaths, OfAMillionFilesAreFoundInLinearTime) {
  Snapshot before;
  for (int i = 0; i < 1'000'000; ++i) {
    before.files.push_back(file("/usr/share/some/longer/folder/" + std::to_string(1'000'000 + i)));
  }
  const Snapshot after = before;
  const auto start = std::chrono::steady_clock::now();
  EXPECT_THAT(changed_paths(before, after), IsEmpty());
  // A quadratic comparison would take hours; an unoptimised linear one takes a fraction of one
  // second.
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

}  // namespace
}  // namespace skillaudit
