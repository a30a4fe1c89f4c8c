#include <gmock/gmock.h>

#include "harness/snapshot/capture.h"
#include "harness/snapshot/tables.h"

namespace skillaudit {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using std::string_literals::operator""s;

TEST(Attributes, AreReadAsTheyWereWritten) {
  const std::vector<FileAttribute> rows = {
      {"/a", "user.x", "two\0parts"s}, {"/a", "user.y", ""}, {"/two\nlines", "flags", "i"}};
  const auto parsed = parse_attributes(format_attributes(rows));
  EXPECT_EQ(parsed.rows, rows);
  EXPECT_THAT(parsed.gaps, IsEmpty());
}

TEST(Attributes, AreSortedAndTheFirstOfANameStays) {
  const auto parsed = parse_attributes(
      format_attributes({{"/b", "user.x", "1"}, {"/a", "user.x", "2"}, {"/b", "user.x", "3"}}));
  EXPECT_THAT(parsed.rows,
              ElementsAre(FileAttribute{"/a", "user.x", "2"}, FileAttribute{"/b", "user.x", "1"}));
}

TEST(Attributes, AreAGapWhereARowIsDamaged) {
  for (const std::string& table :
       {"/a\0user.x\0"s + "99\0short"s, "a\0user.x\0"s + "1\0x"s, "/a\0\0"s + "1\0x"s, "/a"s})
    EXPECT_THAT(parse_attributes(table).gaps, SizeIs(1)) << table;
}

TEST(KernelSettings, AreSortedByKindAndName) {
  const auto parsed = parse_kernel_settings("sysctl\0kernel.sysrq\0"s + "438\0route\0"s +
                                            "10.0.2.0/24\0via x\0sysctl\0fs.x\0\0"s);
  EXPECT_THAT(parsed.rows, ElementsAre(KernelSetting{"route", "10.0.2.0/24", "via x"},
                                       KernelSetting{"sysctl", "fs.x", ""},
                                       KernelSetting{"sysctl", "kernel.sysrq", "438"}));
  EXPECT_THAT(parsed.gaps, IsEmpty());
  EXPECT_THAT(parse_kernel_settings("sysctl\0x"s).gaps, SizeIs(1));
}

}  // namespace
}  // namespace skillaudit
