#include "harness/guest/archive.h"

#include <gmock/gmock.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/temp_dir.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Archive : public testing::Test {
 protected:
  /// Unpacks as the guest does, and returns the folder.
  fs::path unpacked(const std::string& tar) {
    const fs::path target = dir_.path() / "unpacked";
    fs::create_directory(target);
    check_output({"tar", "-x", "-p", "-f", "-", "-C", target.string()}, {.input = tar});
    return target;
  }
  TempDir dir_;
};

TEST_F(Archive, KeepsContentModesLinksAndOddNames) {
  const fs::path skill = dir_.path() / "skill";
  fs::create_directories(skill / "scripts");
  write_file(skill / "scripts/run.sh", "echo\n", 0750);
  write_file(skill / "a\nb \xff'\"", "odd");
  fs::create_symlink("scripts/run.sh", skill / "inside");
  const fs::path out = unpacked(make_tar(archive_folder(skill, "skills/skill"))) / "skills/skill";
  EXPECT_EQ(read_file(out / "scripts/run.sh"), "echo\n");
  EXPECT_EQ(fs::status(out / "scripts/run.sh").permissions(), fs::perms(0750));
  EXPECT_EQ(read_file(out / "a\nb \xff'\""), "odd");
  EXPECT_EQ(fs::read_symlink(out / "inside"), "scripts/run.sh");
}

TEST_F(Archive, NeverFollowsALinkOutOfTheFolder) {
  write_file(dir_.path() / "secret", "of the host");
  const fs::path skill = dir_.path() / "skill";
  fs::create_directory(skill);
  fs::create_symlink(dir_.path() / "secret", skill / "link");
  fs::create_directory_symlink(dir_.path(), skill / "folder");
  const std::string tar = make_tar(archive_folder(skill, "s"));
  EXPECT_THAT(tar, testing::Not(HasSubstr("of the host")));
  EXPECT_TRUE(fs::is_symlink(unpacked(tar) / "s/link"));
}

TEST_F(Archive, RefusesWhatIsNeitherFileFolderNorLink) {
  const fs::path skill = dir_.path() / "skill";
  fs::create_directory(skill);
  check_output({"mkfifo", (skill / "pipe").string()});
  try {
    (void)archive_folder(skill, "s");
    FAIL() << "a pipe was packed";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Skill);
    EXPECT_THAT(error.what(), HasSubstr("pipe is neither a file, a folder nor a link"));
  }
}

TEST_F(Archive, PacksManyFilesWithEmptyOnesAmongThem) {
  std::vector<ArchiveEntry> entries;
  for (int i = 0; i < 500; ++i)
    entries.push_back({.path = "f" + std::to_string(i),
                       .content = std::string(static_cast<std::size_t>(i % 3) * 700, 'x')});
  const fs::path out = unpacked(make_tar(entries));
  EXPECT_EQ(fs::file_size(out / "f0"), 0U);
  EXPECT_EQ(fs::file_size(out / "f499"), 700U);
}

}  // namespace
}  // namespace skillaudit
