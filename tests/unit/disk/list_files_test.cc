#include "harness/disk/list_files.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <fstream>

#include "harness/base/error.h"
#include "harness/base/process.h"
#include "tests/unit/disk/image.h"
#include "tests/unit/gap_texts.h"

namespace skillaudit {

namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

void set_mtime(const fs::path& path, std::int64_t seconds) {
  const timespec times[2] = {{0, UTIME_OMIT}, {seconds, 0}};
  ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), times, AT_SYMLINK_NOFOLLOW), 0);
}

/// One of everything that a user without privilege can make.
void furnish(ImageMaker& maker) {
  const fs::path& tree = maker.tree();
  maker.file("plain", "content");
  maker.file("empty");
  maker.file("a/inside", "x");
  // Around '/' in bytewise order.
  for (const char* name : {"a-b", "a b", "a.b", "a0", "ab", "a!/below", "a-/below", "a.b.c"}) {
    maker.file(name, name);
  }
  maker.file("odd/new\nline", "1");
  maker.file("odd/quote\"'`$(x)", "2");
  maker.file("odd/\xff\xfe invalid", "3");
  maker.file("odd/\xe2\x80\xae reversed", "4");
  maker.file("odd/" + std::string(255, 'n'), "5");
  fs::create_symlink("short/target", tree / "link");
  fs::create_symlink(std::string(59, 's'), tree / "link59");
  fs::create_symlink(std::string(60, 's'), tree / "link60");
  fs::create_symlink("/" + std::string(900, 'l'), tree / "link901");
  fs::create_hard_link(tree / "plain", tree / "odd/hard");
  fs::create_hard_link(tree / "link", tree / "odd/hard link to a link");
  maker.file("setuid", "#!");
  ASSERT_EQ(::chmod((tree / "setuid").c_str(), 06755), 0);
  fs::create_directory(tree / "sticky");
  ASSERT_EQ(::chmod((tree / "sticky").c_str(), 01777), 0);
  ASSERT_EQ(::mkfifo((tree / "fifo").c_str(), 0600), 0);
  const Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const Fd here(::open(tree.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  sockaddr_un address{.sun_family = AF_UNIX};
  fmt::format_to_n(address.sun_path, sizeof address.sun_path - 1, "/proc/self/fd/{}/socket",
                   here.get());
  ASSERT_EQ(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  set_mtime(tree / "plain", 1'000'000'000);
  set_mtime(tree / "empty", -1'000'000);
  set_mtime(tree / "link", 2'000'000'000);
}

class Features : public testing::TestWithParam<std::vector<std::string>> {};

TEST_P(Features, AListingEqualsWhatLstatSees) {
  ImageMaker maker;
  furnish(maker);
  maker.make(GetParam());
  const DiskListing listing = maker.list();
  EXPECT_THAT(listing.gaps, IsEmpty());
  EXPECT_EQ(difference(comparable(listing.files), walk(maker.tree())), "");
  EXPECT_THAT(listing.unnamed, IsEmpty());
  EXPECT_EQ(entry(listing, "/").type, FileType::Directory);
  EXPECT_EQ(entry(listing, "/lost+found").mode, 0700U);
  EXPECT_EQ(listing.inodes.size(), listing.files.size());
}

using Options = std::vector<std::string>;
INSTANTIATE_TEST_SUITE_P(
    Mke2fs, Features,
    testing::Values(Options{}, Options{"-O", "^has_journal"}, Options{"-I", "128"},
                    Options{"-O", "64bit,metadata_csum"}, Options{"-O", "^64bit,^metadata_csum"},
                    Options{"-O", "^metadata_csum,uninit_bg"}, Options{"-O", "^extents,^64bit"},
                    Options{"-O", "^metadata_csum,^uninit_bg,^flex_bg,^extents,^64bit"},
                    Options{"-b", "1024"}, Options{"-b", "2048", "-I", "512"},
                    Options{"-O", "bigalloc"}, Options{"-O", "inline_data"},
                    Options{"-O", "inline_data", "-I", "1024"},
                    Options{"-O", "meta_bg,^resize_inode"}, Options{"-O", "^filetype"},
                    Options{"-O", "quota,project", "-I", "256"}, Options{"-O", "orphan_file"},
                    Options{"-g", "1024", "-b", "1024"}, Options{"-O", "casefold"},
                    Options{"-O", "ea_inode,large_dir"}));

TEST(ListFiles, ReadsSizesAbove4GiB) {
  ImageMaker maker;
  maker.file("sparse", "begin");
  fs::resize_file(maker.tree() / "sparse", 5'000'000'000);
  maker.make();
  EXPECT_EQ(entry(maker.list(), "/sparse").size, 5'000'000'000U);
}

TEST(ListFiles, ListsADirectoryOfTenThousandWithItsIndex) {
  ImageMaker maker;
  maker.file("big/first");
  for (int i = 0; i < 10'000; ++i) {  // links, since mke2fs takes long to copy files
    fs::create_hard_link(maker.tree() / "big/first",
                         maker.tree() / fmt::format("big/a name of some length {}", i));
  }
  maker.make({"-b", "4096"});
  const CommandResult check = run_command({"e2fsck", "-fyD", maker.image().string()});
  EXPECT_LE(check.exit_code, 1) << check.out;
  EXPECT_THAT(maker.ask("htree_dump /big"), HasSubstr("Root node dump"));
  const DiskListing listing = maker.list();
  EXPECT_THAT(listing.gaps, IsEmpty());
  EXPECT_EQ(difference(comparable(listing.files), walk(maker.tree())), "");
}

TEST(ListFiles, ListsDirectoriesWhoseBlocksNeedATree) {
  // Interleaved growth leaves each directory block on its own.
  ImageMaker maker;
  for (int i = 0; i < 600; ++i) {
    const std::string name(200, 'x');
    for (const char* folder : {"p", "q"}) maker.file(fmt::format("{}/{}{}", folder, name, i));
  }
  for (const Options& options :
       {Options{"-b", "1024"}, Options{"-b", "1024", "-O", "^extents,^64bit"}}) {
    maker.make(options);
    const DiskListing listing = maker.list();
    EXPECT_THAT(listing.gaps, IsEmpty());
    EXPECT_EQ(difference(comparable(listing.files), walk(maker.tree())), "");
  }
}

TEST(ListFiles, ListsATreeDeeperThanAnyPathMayBeLong) {
  ImageMaker maker;
  fs::create_directories(maker.tree());
  int at = ::open(maker.tree().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  for (int i = 0; i < 60; ++i) {
    const std::string name = fmt::format("{}{}", std::string(200, 'd'), i);
    ASSERT_EQ(::mkdirat(at, name.c_str(), 0755), 0);
    const int next = ::openat(at, name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ::close(at);
    at = next;
  }
  ::close(::openat(at, "bottom", O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
  ::close(at);
  maker.make();
  const DiskListing listing = maker.list();
  EXPECT_THAT(listing.gaps, IsEmpty());
  EXPECT_EQ(difference(comparable(listing.files), walk(maker.tree())), "");
  EXPECT_GT(listing.files.back().path.size() + listing.files.at(60).path.size(), 10'000U);
}

TEST(ListFiles, ReadsTimesToTheNanosecondAndBeyondTheYear2038) {
  ImageMaker maker;
  maker.file("late");
  maker.file("early");
  maker.make();
  // 2^32 + 5 seconds: the lower 32 bits, and an extra field of epoch 1 and nanoseconds.
  maker.debugfs({"sif late mtime @5", fmt::format("sif late mtime_extra {}", (123456789U << 2) | 1),
                 "sif late ctime @7", "sif late ctime_extra 4", "sif early mtime @0xfffffff0",
                 fmt::format("sif early mtime_extra {}", 500U << 2)});
  const DiskListing listing = maker.list();
  EXPECT_THAT(listing.gaps, IsEmpty());
  EXPECT_EQ(entry(listing, "/late").mtime_ns, ((1LL << 32) + 5) * 1'000'000'000 + 123456789);
  EXPECT_EQ(entry(listing, "/late").ctime_ns, 7'000'000'001);
  EXPECT_EQ(entry(listing, "/early").mtime_ns, -16'000'000'000 + 500);
}

TEST(ListFiles, ReadsDevicesAndOwnersAbove16Bits) {
  ImageMaker maker;
  maker.file("owned");
  maker.make();
  maker.debugfs(
      {"mknod tty c 4 1", "mknod disk b 8 0", "sif owned uid 100001", "sif owned gid 99999"});
  const DiskListing listing = maker.list();
  EXPECT_EQ(entry(listing, "/tty").type, FileType::CharacterDevice);
  EXPECT_EQ(entry(listing, "/disk").type, FileType::BlockDevice);
  EXPECT_EQ(entry(listing, "/tty").size, 0U);
  EXPECT_EQ(entry(listing, "/owned").uid, 100001U);
  EXPECT_EQ(entry(listing, "/owned").gid, 99999U);
}

TEST(ListFiles, GivesADirectoryTheSizeThatTheDiskHas) {
  ImageMaker maker;
  for (int i = 0; i < 100; ++i) maker.file(fmt::format("d/{}{}", std::string(200, 'x'), i));
  maker.make();
  const DiskListing listing = maker.list();
  EXPECT_THAT(maker.ask("stat /d"),
              HasSubstr(fmt::format("Size: {}\n", entry(listing, "/d").size)));
}

TEST(ListFiles, ShowsFilesThatHaveNoName) {
  ImageMaker maker;
  maker.file("held", "still open");
  maker.file("lost", "?");
  maker.make();
  const std::uint32_t held = maker.inode_of("held");
  const std::uint32_t lost = maker.inode_of("lost");
  maker.debugfs({"sif held links_count 0", "unlink held", "unlink lost"});
  const DiskListing listing = maker.list();
  ASSERT_THAT(listing.unnamed, SizeIs(2));
  for (const UnnamedFile& file : listing.unnamed) {
    EXPECT_EQ(file.links, file.inode == held ? 0 : 1);
    EXPECT_EQ(file.file.size, file.inode == held ? 10U : 1U);
    EXPECT_TRUE(file.inode == held || file.inode == lost);
    EXPECT_EQ(file.file.type, FileType::Regular);
  }
  EXPECT_THAT(comparable(listing.files), IsEmpty());
}

TEST(ListFiles, LeavesOutDirectoriesAsFindPrunesThem) {
  ImageMaker maker;
  for (const char* path : {"proc/1/x", "process/y", "etc/proc/z"}) maker.file(path);
  maker.file("run", "a file is not pruned");
  maker.make();
  std::vector<std::string> paths;
  for (const auto& file : comparable(maker.list({.leave_out = {"/proc", "/run"}}).files)) {
    paths.push_back(file.path);
  }
  EXPECT_THAT(paths,
              ElementsAre("/etc", "/etc/proc", "/etc/proc/z", "/process", "/process/y", "/run"));
}

TEST(ListFiles, SaysThatAJournalWasNotReplayed) {
  ImageMaker maker;
  maker.file("f");
  maker.make();
  EXPECT_THAT(maker.list().gaps, IsEmpty());
  maker.debugfs({"feature needs_recovery"});
  EXPECT_THAT(texts_of(maker.list().gaps), ElementsAre(HasSubstr("journal")));
}

TEST(ListFiles, RefusesMoreThanItsLimits) {
  ImageMaker maker;
  for (int i = 0; i < 50; ++i) maker.file(fmt::format("{}", i));
  maker.make();
  EXPECT_THROW((void)maker.list({.most_inodes = 20}), Error);
  const DiskListing listing = maker.list({.most_path_bytes = 60});
  EXPECT_THAT(texts_of(listing.gaps), Contains(HasSubstr("paths")));
  EXPECT_LT(listing.files.size(), 30U);
}

}  // namespace
}  // namespace skillaudit
