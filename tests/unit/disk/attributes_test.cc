#include "harness/disk/attributes.h"

#include <gmock/gmock.h>

#include "tests/unit/disk/image.h"

namespace skillaudit {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

TEST(DiskAttributes, AreListedWithTheirFiles) {
  ImageMaker maker;
  maker.file("plain", "x");
  maker.file("docs/cv.md", "x");
  maker.make();
  maker.debugfs({"ea_set docs/cv.md user.label secret", "ea_set docs/cv.md trusted.note two",
                 "ea_set docs security.x three"});
  EXPECT_THAT(maker.list().attributes,
              UnorderedElementsAre(FileAttribute{"/docs", "security.x", "three"},
                                   FileAttribute{"/docs/cv.md", "user.label", "secret"},
                                   FileAttribute{"/docs/cv.md", "trusted.note", "two"}));
}

TEST(DiskAttributes, ThatDoNotFitIntoTheInodeAreReadFromTheirBlock) {
  ImageMaker maker;
  maker.file("cv.md", "x");
  maker.make();
  const std::string value(900, 'v');
  maker.debugfs({"ea_set cv.md user.label " + value});
  EXPECT_THAT(maker.list().attributes, ElementsAre(FileAttribute{"/cv.md", "user.label", value}));
}

TEST(DiskAttributes, FlagsThatTellAreKept) {
  ImageMaker maker;
  maker.file("locked", "x");
  maker.file("log", "x");
  maker.make();
  maker.debugfs({"sif locked flags 0x80010", "sif log flags 0x80020"});
  EXPECT_THAT(maker.list().attributes, ElementsAre(FileAttribute{"/locked", "flags", "i"},
                                                   FileAttribute{"/log", "flags", "a"}));
}

TEST(DiskAttributes, ThatMakeNoSenseEndTheTable) {
  const std::string entry("\x05\x01\xff\xff\0\0\0\0\xff\xff\xff\xff\0\0\0\0label\0\0\0", 24);
  const auto found = parse_attribute_table(entry, entry);
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].name, "user.label");
  EXPECT_THAT(found[0].value, IsEmpty());  // it lies outside
  EXPECT_THAT(parse_attribute_table(std::string("\xff\x01\0\0", 4), entry), IsEmpty());
  EXPECT_THAT(parse_attribute_table(std::string(16, '\xff'), entry), IsEmpty());
}

}  // namespace
}  // namespace skillaudit
