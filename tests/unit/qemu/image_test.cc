#include "harness/providers/qemu/image.h"

#include <gmock/gmock.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/temp_dir.h"
#include "harness/providers/qemu/image_builder.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class ImageStoreTest : public testing::Test {
 protected:
  Image add(const std::string& name, const std::string& content) {
    const fs::path staging = cache_.path() / ("staging-" + name);
    fs::create_directory(staging);
    write_file(staging / "disk.qcow2", content);
    write_file(staging / "vmlinuz", "kernel");
    write_file(staging / "initrd", "initrd");
    return store_.add(name, "recipe", staging);
  }
  std::string error_of(const std::function<void()>& action) {
    try {
      action();
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }
  TempDir cache_;
  ImageStore store_{cache_.path()};
};

TEST_F(ImageStoreTest, FindsWhatWasAdded) {
  const Image added = add("debian-12", "disk");
  const auto found = store_.find("debian-12");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, added.id);
  EXPECT_EQ(read_file(found->disk), "disk");
  EXPECT_EQ(read_file(found->kernel), "kernel");
  EXPECT_EQ(found->recipe, "recipe");
}

TEST_F(ImageStoreTest, HasNothingOfANameThatWasNotAdded) { EXPECT_FALSE(store_.find("other")); }

TEST_F(ImageStoreTest, TwoNamesOfOneContentShareADiskAndLoseItWithTheLast) {
  const Image first = add("one", "same");
  const Image second = add("two", "same");
  EXPECT_EQ(first.id, second.id);
  store_.remove("one");
  EXPECT_TRUE(fs::exists(second.disk));
  store_.remove("two");
  EXPECT_FALSE(fs::exists(second.disk));
}

TEST_F(ImageStoreTest, SaysWhatIsWrongWithADiskThatWasCutShortAndHowToMendIt) {
  const Image image = add("debian-12", "disk");
  fs::resize_file(image.disk, 2);
  EXPECT_THAT(error_of([&] { (void)store_.find("debian-12"); }),
              testing::AllOf(HasSubstr("disk.qcow2 has a different size"),
                             HasSubstr("image rm debian-12")));
}

TEST_F(ImageStoreTest, NoticesAnotherContentOfTheSameSize) {
  const Image image = add("debian-12", "disk");
  write_file(image.disk, "DISK");
  fs::last_write_time(image.disk, fs::file_time_type::clock::now() + std::chrono::seconds(2));
  EXPECT_THAT(error_of([&] { (void)store_.find("debian-12"); }), HasSubstr("different content"));
}

TEST_F(ImageStoreTest, TakesACopiedCacheWithOtherTimes) {
  const Image image = add("debian-12", "disk");
  fs::last_write_time(image.disk, fs::file_time_type::clock::now() - std::chrono::hours(5));
  EXPECT_TRUE(store_.find("debian-12"));
}

TEST_F(ImageStoreTest, ADamagedEntryCanBeRemoved) {
  add("debian-12", "disk");
  write_file(cache_.path() / "images/debian-12.json", "{");
  EXPECT_THAT(error_of([&] { (void)store_.find("debian-12"); }), HasSubstr("cannot be read"));
  store_.remove("debian-12");
  EXPECT_FALSE(store_.find("debian-12"));
}

TEST_F(ImageStoreTest, RemovingAnUnknownNameSaysWhichThereAre) {
  add("one", "disk");
  EXPECT_THAT(error_of([&] { store_.remove("two"); }), HasSubstr("the images are one"));
}

TEST_F(ImageStoreTest, RefusesNamesThatAreNoFileNames) {
  for (const char* name : {"", "../x", "A", "a b", ".hidden"})
    EXPECT_THAT(error_of([&] { (void)store_.find(name); }), HasSubstr("cannot name an image"))
        << name;
}

TEST(ImageBuilder, NamesTheSystemsItKnows) {
  try {
    (void)find_os("debain-12");
    FAIL() << "an unknown system was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Usage);
    EXPECT_THAT(error.what(), HasSubstr("debian-12"));
  }
}

TEST(ImageBuilder, ADifferentSourceGivesADifferentImage) {
  const ImageRecipe recipe{find_os("debian-12"), "Types: deb\nSuites: bookworm\n", "bookworm", ""};
  ImageRecipe other = recipe;
  other.apt_sources += "Components: main\n";
  EXPECT_NE(recipe_digest(recipe), recipe_digest(other));
  EXPECT_EQ(recipe_digest(recipe), recipe_digest(ImageRecipe(recipe)));
}

TEST_F(ImageStoreTest, RefusesToImportADiskThatReadsAnotherFileOfThisHost) {
  write_file(cache_.path() / "secret", std::string(1 << 20, 'x'));
  check_output({"qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b",
                (cache_.path() / "secret").string(), (cache_.path() / "evil.qcow2").string()});
  EXPECT_THAT(error_of([&] {
                (void)import_image(store_, cache_.path() / "evil.qcow2", "evil",
                                   [](const std::string&) {});
              }),
              HasSubstr("backing file"));
}

}  // namespace
}  // namespace skillaudit
