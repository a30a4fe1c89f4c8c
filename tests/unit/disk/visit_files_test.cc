#include "harness/disk/visit_files.h"

#include <gmock/gmock.h>

#include "tests/unit/disk/image.h"

namespace skillaudit {
namespace {

using testing::ElementsAre;

class VisitFiles : public testing::Test {
 protected:
  VisitFiles() {
    maker_.file("a", "first");
    maker_.file("empty", "");
    maker_.file("large", std::string(100'000, 'x'));
    maker_.file("z", "last");
    maker_.make({}, "64M");
  }

  /// "path size" of each visit.
  std::vector<std::string> visits(const VisitLimits& limits) {
    GuestDisk disk = maker_.open();
    const DiskListing listing = list_files(disk);
    std::vector<std::string> lines;
    complete_ = visit_files(
        disk, listing, {"/z", "/gone", "/empty", "/large", "/a", "/lost+found"},
        [&](const std::string& path, std::string_view content) {
          lines.push_back(path + " " + std::to_string(content.size()));
        },
        limits);
    return lines;
  }

  ImageMaker maker_;
  bool complete_ = false;
};

TEST_F(VisitFiles, GiveEachRegularFileWholeInTheOrderAskedFor) {
  EXPECT_THAT(visits({}), ElementsAre("/z 4", "/large 100000", "/a 5"));
  EXPECT_TRUE(complete_);
}

TEST_F(VisitFiles, ReadTheBeginningOfALargeFileAndSaySo) {
  EXPECT_THAT(visits({.each = 1000}), ElementsAre("/z 4", "/large 1000", "/a 5"));
  EXPECT_FALSE(complete_);
}

TEST_F(VisitFiles, StopAtTheLimitOfAll) {
  EXPECT_THAT(visits({.total = 5004}), ElementsAre("/z 4", "/large 5000"));
  EXPECT_FALSE(complete_);
}

}  // namespace
}  // namespace skillaudit
