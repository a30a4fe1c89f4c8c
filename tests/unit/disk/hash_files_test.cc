#include "harness/disk/hash_files.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <random>

#include "harness/base/hash.h"
#include "tests/unit/disk/image.h"
#include "tests/unit/gap_texts.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::string noise(std::size_t size) {
  std::mt19937 random(static_cast<unsigned>(size));
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>(random());
  return bytes;
}

/// Data at three places of 5 MiB.
void make_sparse(const fs::path& path) {
  const Fd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
  for (const off_t at : {off_t{0}, off_t{1'000'000}, off_t{5 << 20}}) {
    ASSERT_EQ(::pwrite(fd.get(), "data", 4, at), 4);
  }
}

class HashFiles : public testing::TestWithParam<std::vector<std::string>> {};

TEST_P(HashFiles, EqualWhatSha256SaysOfTheFilesThemselves) {
  ImageMaker maker;
  for (const std::size_t size : {0, 1, 59, 60, 61, 140, 4095, 4096, 4097, 70'000, 3'000'000}) {
    maker.file(fmt::format("f{}", size), noise(size));
  }
  for (int i = 0; i < 200; ++i)
    maker.file(fmt::format("many/{}", i), noise(static_cast<std::size_t>(i) * 37));
  make_sparse(maker.tree() / "sparse");
  maker.make(GetParam(), "64M");
  GuestDisk disk = maker.open();
  const DiskListing listing = list_files(disk);
  std::vector<std::string> paths;
  std::vector<std::string> expected;
  for (const FileEntry& file : listing.files) {
    if (file.type != FileType::Regular) continue;
    paths.push_back(file.path);
    expected.push_back(file.path + " " + sha256_file(maker.tree() / file.path.substr(1)));
  }
  std::reverse(paths.begin(), paths.end());
  std::reverse(expected.begin(), expected.end());
  const DiskDigests result = hash_files(disk, listing, paths);
  EXPECT_THAT(result.gaps, IsEmpty());
  EXPECT_THAT(result.notes, IsEmpty());
  std::vector<std::string> is;
  for (const FileDigest& digest : result.digests) is.push_back(digest.path + " " + digest.sha256);
  EXPECT_EQ(is, expected);
  EXPECT_THAT(is, SizeIs(212));
}

using Options = std::vector<std::string>;
INSTANTIATE_TEST_SUITE_P(Mke2fs, HashFiles,
                         testing::Values(Options{}, Options{"-O", "^extents,^64bit"},
                                         Options{"-b", "4096"},
                                         Options{"-O", "inline_data", "-I", "512"}));

TEST(HashFilesOf, ReadsUnwrittenExtentsAsZeros) {
  ImageMaker maker;
  const std::string path = "allocated";
  maker.file(path, "");
  maker.make({"-b", "4096"});
  // Blocks 0 to 9 are allocated and never written; what lies in them is somebody else's.
  maker.debugfs({"fallocate allocated 0 9", "sif allocated size 40000"});
  GuestDisk disk = maker.open();
  const DiskListing listing = list_files(disk);
  const DiskDigests result = hash_files(disk, listing, {"/allocated"});
  ASSERT_THAT(result.digests, SizeIs(1));
  EXPECT_EQ(result.digests[0].sha256, sha256(std::string(40000, '\0')));
  EXPECT_THAT(maker.ask("stat allocated"), HasSubstr("(0-9[u])"));
}

TEST(HashFilesOf, LeavesOutWhatIsTooLargeGoneOrNoFile) {
  ImageMaker maker;
  maker.file("small", "0123456789");
  maker.file("more", "0123456789");
  maker.file("large", std::string(100, 'x'));
  fs::create_symlink("small", maker.tree() / "link");
  maker.make();
  GuestDisk disk = maker.open();
  const DiskListing listing = list_files(disk);
  const DiskDigests result =
      hash_files(disk, listing, {"/large", "/gone", "/link", "/lost+found", "/small", "/more"},
                 {.each = 50, .total = 15});
  ASSERT_THAT(result.digests, SizeIs(1));
  EXPECT_EQ(result.digests[0].path, "/small");
  EXPECT_THAT(result.notes, ElementsAre("/large was not hashed: over 50 B",
                                        "/gone was not hashed: No such file or directory",
                                        "/link was not hashed: Too many levels of symbolic links",
                                        "/lost+found was not hashed: not a regular file any more",
                                        "/more was not hashed: over 15 B in all"));
  EXPECT_THAT(result.gaps, IsEmpty());
}

TEST(HashFilesOf, SaysWhichFileCouldNotBeReadAndHashesTheOthers) {
  ImageMaker maker;
  for (const char* name : {"a", "b", "c"}) maker.file(name, noise(10'000));
  maker.make({"-O", "^metadata_csum"});
  // The extent of b begins past the end of the disk.
  maker.poke(maker.inode_offset("/b") + 40 + 12 + 8, "\xff\xff\xff\x7f");
  GuestDisk disk = maker.open();
  const DiskListing listing = list_files(disk);
  const DiskDigests result = hash_files(disk, listing, {"/a", "/b", "/c"});
  ASSERT_THAT(result.digests, SizeIs(2));
  EXPECT_EQ(result.digests[1].sha256, sha256(noise(10'000)));
  EXPECT_THAT(texts_of(result.gaps), ElementsAre(HasSubstr("the host could not hash /b")));
}

TEST(ReadTexts, FollowsLinksCutsAndSkipsWhatIsNotThere) {
  ImageMaker maker;
  maker.file("etc/hosts", "127.0.0.1 localhost\n");
  maker.file("etc/long", std::string(500, 'x'));
  maker.file("home/ubuntu/dotfiles/bashrc", "alias ll='ls -l'\n");
  fs::create_symlink("dotfiles/bashrc", maker.tree() / "home/ubuntu/.bashrc");
  fs::create_symlink("/home/ubuntu", maker.tree() / "me");
  fs::create_symlink("../etc/../../etc/hosts", maker.tree() / "home/above");
  fs::create_symlink("loop", maker.tree() / "loop");
  maker.make();
  GuestDisk disk = maker.open();
  const DiskListing listing = list_files(disk);
  const DiskTexts result = read_texts(disk, listing,
                                      {"/etc/long", "/etc/hosts", "/etc", "/none", "/loop",
                                       "/me/.bashrc", "/home/above", "/etc/hosts/x", "/etc/hosts"},
                                      {.each = 100, .total = 1000});
  EXPECT_THAT(result.gaps, IsEmpty());
  EXPECT_THAT(result.texts, ElementsAre(ConfigText{"/etc/hosts", "127.0.0.1 localhost\n"},
                                        ConfigText{"/etc/long", std::string(100, 'x')},
                                        ConfigText{"/home/above", "127.0.0.1 localhost\n"},
                                        ConfigText{"/me/.bashrc", "alias ll='ls -l'\n"}));
}

}  // namespace
}  // namespace skillaudit
