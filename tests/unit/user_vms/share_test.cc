#include "harness/user_vms/share.h"

#include <gmock/gmock.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/temp_dir.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Share : public testing::Test {
 protected:
  TempDir dir{fs::path(".")};  // where the tests are built: a file system with attributes
  const fs::path folder = fs::canonical(dir.path());

  static std::string refusal(const std::string& text) {
    try {
      return "accepted: " + parse_share(text).folder.string();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::Usage);
      return error.what();
    }
  }
};

TEST_F(Share, IsToReadAndToWrite) {
  const SharedFolder share = parse_share(folder);
  EXPECT_EQ(share.folder, folder);
  EXPECT_FALSE(share.read_only);
}

TEST_F(Share, IsReadOnlyWhereSaid) {
  const SharedFolder share = parse_share(folder.string() + ":ro");
  EXPECT_EQ(share.folder, folder);
  EXPECT_TRUE(share.read_only);
}

TEST_F(Share, MayHaveANameThatEndsLikeThat) {
  fs::create_directory(folder / "x:ro");
  EXPECT_FALSE(parse_share(folder / "x:ro").read_only);
}

TEST_F(Share, IsWhatALinkPointsTo) {
  fs::create_directory(folder / "real");
  fs::create_directory_symlink("real", folder / "link");
  EXPECT_EQ(parse_share(folder / "link").folder, folder / "real");
}

TEST_F(Share, MustBeAFolderThatThereIs) {
  write_file(folder / "file", "");
  EXPECT_THAT(refusal(folder / "none"), HasSubstr("does not exist"));
  EXPECT_THAT(refusal(folder / "none:ro"), HasSubstr("none does not exist"));
  EXPECT_THAT(refusal(folder / "file"), HasSubstr("is not a folder"));
}

TEST_F(Share, IsNeverTheWholeMachine) {
  EXPECT_THAT(refusal("/"), HasSubstr("choose a folder"));
  EXPECT_THAT(refusal("/:ro"), HasSubstr("choose a folder"));
}

TEST_F(Share, IsNotWrittenToWhereNoAttributesAreHeld) {
  EXPECT_THAT(refusal("/proc/self"), HasSubstr("share it read-only"));
}

}  // namespace
}  // namespace skillaudit
