#include "harness/observe/contents_before.h"

#include <gmock/gmock.h>

#include "harness/base/temp_dir.h"

namespace skillaudit {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using std::string_literals::operator""s;

FileEntry file(std::string path, std::uint64_t size = 10) {
  FileEntry entry;
  entry.path = std::move(path);
  entry.type = FileType::Regular;
  entry.size = size;
  return entry;
}

class Contents : public testing::Test {
 protected:
  Contents() {
    base_.folder = dir_.path();
    write_file(MachineBase::digests_file(dir_.path()),
               "/etc/hostname\0template\0/etc/profile\0same\0/home/u/.netrc\0old\0"s +
                   "/home/u/.profile\0skel\0/usr/bin/x\0program\0"s);
    prepared_.files = format_files({file("/etc/hostname"), file("/home/u/.netrc")});
    prepared_.digests = ".netrc\0new\0notes/a.md\0note\0"s;
  }
  TempDir dir_;
  MachineBase base_;
  Prepared prepared_;
};

TEST_F(Contents, AreThoseOfTheTemplateAndOfWhatWasPrepared) {
  const ContentsBefore before(base_, prepared_, "/home/u");
  EXPECT_EQ(before.digest("/etc/profile"), "same");
  EXPECT_EQ(before.digest("/home/u/.profile"), "skel");
  EXPECT_EQ(before.digest("/home/u/.netrc"), "new");
  EXPECT_EQ(before.digest("/home/u/notes/a.md"), "note");
  EXPECT_THAT(before.digest("/etc/hostname"), IsEmpty());  // the clone has its own
  EXPECT_THAT(before.digest("/tmp/x"), IsEmpty());
  EXPECT_EQ(before.table({"/tmp/x", "/etc/profile"}), "/etc/profile\0same\0"s);
}

TEST_F(Contents, OfTheUserAndOfSettingsAreWorthComparing) {
  const ContentsBefore before(base_, prepared_, "/home/u");
  EXPECT_THAT(before.worth_comparing({file("/etc/hostname"), file("/etc/profile"),
                                      file("/home/u/.netrc", 2U << 20), file("/home/u/.profile"),
                                      file("/home/u/notes/a.md", 0), file("/usr/bin/x")}),
              ElementsAre("/etc/profile", "/home/u/.profile"));
}

}  // namespace
}  // namespace skillaudit
