#include <gmock/gmock.h>

#include "changes_sample.h"

namespace skillaudit {
namespace {

using namespace sample;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

/// One file of these two digests, before and after.
Changes compare_one(FileEntry before, FileEntry after, const std::string& was,
                    const std::string& is) {
  Evidence evidence;
  const std::string path = before.path;
  evidence.before.files = {std::move(before)};
  evidence.after.files = {std::move(after)};
  if (!was.empty()) evidence.digests_before = {{path, was}};
  evidence.digests = {{path, is}};
  return compare(evidence);
}

FileEntry touched() {
  FileEntry entry = file("/home/u/.profile");
  entry.mtime_ns = entry.ctime_ns = 99;
  return entry;
}

TEST(Content, DecidesAndNotTheTimes) {
  const Changes same = compare_one(file("/home/u/.profile"), touched(), "a", "a");
  EXPECT_THAT(same.files, IsEmpty());
  EXPECT_THAT(same.restored, ElementsAre("/home/u/.profile"));
  const Changes other = compare_one(file("/home/u/.profile"), touched(), "a", "b");
  ASSERT_THAT(other.files, SizeIs(1));
  EXPECT_TRUE(other.files[0].content_changed());
  EXPECT_THAT(other.restored, IsEmpty());
}

TEST(Content, ThatIsNotKnownLeavesItToTheTimes) {
  const Changes changes = compare_one(file("/home/u/.profile"), touched(), "", "a");
  ASSERT_THAT(changes.files, SizeIs(1));
  EXPECT_TRUE(changes.files[0].content_changed());
}

TEST(Content, ThatIsTheSameLeavesAChangeOfPermissions) {
  FileEntry open = touched();
  open.mode = 0666;
  const Changes changes = compare_one(file("/home/u/.profile"), open, "a", "a");
  ASSERT_THAT(changes.files, SizeIs(1));
  EXPECT_FALSE(changes.files[0].content_changed());
  EXPECT_TRUE(changes.files[0].metadata_changed());
}

TEST(Content, ThatDiffersIsAChangeAlthoughNothingElseDoes) {
  const Changes changes = compare_one(file("/home/u/budget"), file("/home/u/budget"), "a", "b");
  ASSERT_THAT(changes.files, SizeIs(1));
  EXPECT_EQ(changes.files[0].kind, ChangeKind::Modified);
  EXPECT_EQ(changes.files[0].content, Content::Other);
  EXPECT_THAT(compare_one(file("/b"), file("/b"), "a", "a").files, IsEmpty());
}

TEST(Content, OfAFileThatBecameALinkIsNotCompared) {
  const Changes changes =
      compare_one(file("/home/u/.profile"), link("/home/u/.profile", "x"), "a", "a");
  ASSERT_THAT(changes.files, SizeIs(1));
  EXPECT_EQ(changes.files[0].content, Content::Unknown);
}

}  // namespace
}  // namespace skillaudit
