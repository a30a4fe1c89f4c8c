#include "harness/providers/qemu/template_sweep.h"

#include <gmock/gmock.h>

#include "harness/base/file.h"
#include "harness/base/lock.h"
#include "harness/base/temp_dir.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;
using testing::ElementsAre;
using testing::IsEmpty;

/// A cache with one image, "here", and templates that hold nothing but their facts.
class TemplateSweep : public testing::Test {
 protected:
  TemplateSweep() {
    fs::create_directories(templates_);
    fs::create_directories(cache() / "images/here");
    write_file(cache() / "images/debian-12.json", R"({"id": "here"})");
  }

  [[nodiscard]] fs::path cache() const { return dir_.path(); }

  void put(const std::string& key, hours unused_for, const std::string& image = "here") {
    fs::create_directories(templates_ / key);
    write_file(templates_ / key / "template.json", R"({"image": ")" + image + R"("})");
    note_template_use(templates_ / key);
    fs::last_write_time(templates_ / key / "used", now_ - unused_for);
    for (const char* extension : {".lock", ".build"})
      write_file(templates_ / (key + extension), "");
  }

  std::vector<std::string> swept() {
    sweep_templates(cache(), now_);
    std::vector<std::string> left;
    for (const auto& entry : fs::directory_iterator(templates_))
      left.push_back(entry.path().filename().string());
    std::sort(left.begin(), left.end());
    return left;
  }

  TempDir dir_;
  const fs::path templates_ = dir_.path() / "templates";
  const fs::file_time_type now_ = fs::file_time_type::clock::now();
};

TEST_F(TemplateSweep, RemovesWhatWasNotUsedForAWeekAndItsLocks) {
  put("fresh", hours(24 * 7 - 1));
  put("stale", hours(24 * 7 + 1));
  EXPECT_THAT(swept(), ElementsAre("fresh", "fresh.build", "fresh.lock"));
}

TEST_F(TemplateSweep, GoesByTheTimeOfTheFactsWhereNoUseWasNoted) {
  put("old", hours(0));
  fs::remove(templates_ / "old/used");
  EXPECT_THAT(swept(), ElementsAre("old", "old.build", "old.lock"));
  fs::last_write_time(templates_ / "old/template.json", now_ - hours(24 * 8));
  EXPECT_THAT(swept(), IsEmpty());
}

TEST_F(TemplateSweep, RemovesWhatBelongsToAnImageThatIsGone) {
  put("orphan", hours(1), "gone");
  put("kin", hours(1));
  EXPECT_THAT(swept(), ElementsAre("kin", "kin.build", "kin.lock"));
}

TEST_F(TemplateSweep, ConcludesNothingFromAnImageEntryThatCannotBeRead) {
  put("orphan", hours(1), "gone");
  write_file(cache() / "images/other.json", "{");
  EXPECT_THAT(swept(), ElementsAre("orphan", "orphan.build", "orphan.lock"));
}

TEST_F(TemplateSweep, SparesWhatIsInUse) {
  put("used", hours(999));
  put("stale", hours(999));
  {
    const FileLock in_use = FileLock::acquire(templates_ / "used.lock", true);
    EXPECT_THAT(swept(), ElementsAre("used", "used.build", "used.lock"));
  }
  EXPECT_THAT(swept(), IsEmpty());
}

TEST_F(TemplateSweep, RemovesLocksOfTemplatesThatAreGoneUnlessTheyAreBeingBuilt) {
  write_file(templates_ / "gone.lock", "");
  write_file(templates_ / "gone.build", "");
  write_file(templates_ / "half.build", "");
  write_file(templates_ / "made.build", "");
  const FileLock building = FileLock::acquire(templates_ / "made.build");
  EXPECT_THAT(swept(), ElementsAre("made.build"));
}

TEST_F(TemplateSweep, LeavesWhatIsNotATemplateOfThisCache) {
  fs::create_directories(cache() / "elsewhere");
  write_file(cache() / "elsewhere/template.json", R"({"image": "gone"})");
  fs::create_directory_symlink(cache() / "elsewhere", templates_ / "link");
  write_file(templates_ / "notes.txt", "");
  EXPECT_THAT(swept(), ElementsAre("link", "notes.txt"));
  EXPECT_TRUE(fs::exists(cache() / "elsewhere/template.json"));
}

TEST_F(TemplateSweep, OfACacheWithoutTemplatesDoesNothing) {
  const TempDir empty;
  sweep_templates(empty.path());
  EXPECT_TRUE(fs::is_empty(empty.path()));
  EXPECT_EQ(templates_held(empty.path()).count, 0U);
}

TEST_F(TemplateSweep, CountsWhatTemplatesTakeOnDisk) {
  put("a", hours(0));
  put("b", hours(0));
  write_file(templates_ / "a/memory", std::string(1U << 20, 'x'));
  fs::resize_file(templates_ / "a/memory", 1U << 30);
  const TemplatesHeld held = templates_held(cache());
  EXPECT_EQ(held.count, 2U);
  EXPECT_GE(held.bytes, 1U << 20);
  EXPECT_LT(held.bytes, 2U << 20);
}

}  // namespace
}  // namespace skillaudit
