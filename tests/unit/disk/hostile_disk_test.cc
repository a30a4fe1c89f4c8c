#include <fcntl.h>
#include <fmt/core.h>
#include <gmock/gmock.h>

#include <chrono>
#include <fstream>
#include <random>

#include "harness/base/error.h"
#include "harness/disk/hash_files.h"
#include "tests/unit/disk/image.h"
#include "tests/unit/gap_texts.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

std::string refusal_of(const ImageMaker& maker) {
  try {
    (void)maker.list();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Evidence);
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

std::string little(std::uint64_t value, int bytes) {
  std::string out;
  for (; bytes > 0; --bytes, value >>= 8) out += static_cast<char>(value & 0xff);
  return out;
}

/// Without checksums, so that what is poked in is not told by them alone.
const std::vector<std::string> kPlain = {"-b", "4096", "-O",
                                         "^metadata_csum,^uninit_bg,^has_journal"};

TEST(HostileDisk, WhatIsNoExt4IsRefused) {
  ImageMaker maker;
  std::ofstream(maker.image()) << "hello";
  EXPECT_THAT(refusal_of(maker), HasSubstr("too small"));
  fs::resize_file(maker.image(), 1 << 20);
  EXPECT_THAT(refusal_of(maker), HasSubstr("no ext2, ext3 or ext4"));
  maker.poke(510, "\x55\xaa");
  EXPECT_THAT(refusal_of(maker), HasSubstr("partition table"));
}

TEST(HostileDisk, ASuperblockOfAbsurdNumbersIsRefused) {
  ImageMaker maker;
  maker.file("f");
  maker.make(kPlain);
  const std::string super = maker.peek(1024, 1024);
  const std::pair<int, std::string> pokes[] = {
      {0, little(0xffffffff, 4)},                           // inodes
      {0x4, little(0xffffffff, 4)},                         // blocks
      {0x18, little(40, 4)},                                // block size
      {0x20, little(0, 4)},                                 // blocks in a group
      {0x20, little(1, 4)},          {0x28, little(0, 4)},  // inodes in a group
      {0x28, little(0xffffffff, 4)}, {0x58, little(1, 2)},  // size of an inode
      {0x60, little(0x80000000, 4)}                         // features
  };
  for (const auto& [at, bytes] : pokes) {
    maker.poke(1024, super);
    maker.poke(1024 + static_cast<std::uint64_t>(at), bytes);
    EXPECT_THAT(refusal_of(maker), HasSubstr("guest's disk")) << at;
  }
}

TEST(HostileDisk, ADirectoryInsideItselfEnds) {
  ImageMaker maker;
  maker.file("a/b/f");
  maker.make();
  maker.debugfs({"link a a/b/loop", "link / a/root"});
  const DiskListing listing = maker.list();
  EXPECT_EQ(entry(listing, "/a/b/loop").type, FileType::Directory);
  EXPECT_EQ(entry(listing, "/a/root").type, FileType::Directory);
  EXPECT_THAT(texts_of(listing.gaps),
              Contains(HasSubstr("'/a/b/loop' is one more name of a directory")));
  EXPECT_THAT(texts_of(listing.gaps), Contains(HasSubstr("'/a/root'")));
}

TEST(HostileDisk, ACycleWithoutAWayFromTheRootIsSaid) {
  ImageMaker maker;
  maker.file("a/b/f");
  maker.make();
  maker.debugfs({"link a a/b/loop", "unlink a"});
  const DiskListing listing = maker.list();
  EXPECT_THAT(comparable(listing.files), IsEmpty());
  EXPECT_THAT(texts_of(listing.gaps), Contains(HasSubstr("no way leads there")));
}

TEST(HostileDisk, NamesThatCannotBeAreSaidAndLeftOut) {
  ImageMaker maker;
  maker.file("d/aXetcXpasswd", "1");
  maker.file("d/twin1", "2");
  maker.file("d/twin2", "3");
  maker.file("d/zero.", "4");
  maker.make(kPlain);
  unsigned block = 0;
  ASSERT_EQ(std::sscanf(maker.ask("blocks /d").c_str(), "%u", &block), 1);
  std::string bytes = maker.peek(block * 4096ULL, 4096);
  const auto put = [&](const std::string& from, const std::string& to) {
    bytes.replace(bytes.find(from), from.size(), to);
  };
  using namespace std::string_literals;
  put("aXetcXpasswd", "a/etc/passwd");
  put("twin2", "twin1");
  put("zero.", "zero\0"s);
  maker.poke(block * 4096ULL, bytes);
  const DiskListing listing = maker.list();
  EXPECT_THAT(texts_of(listing.gaps), Contains(HasSubstr("impossible name 'a/etc/passwd'")));
  EXPECT_THAT(texts_of(listing.gaps), Contains(HasSubstr("impossible name 'zero\\x00'")));
  EXPECT_THAT(texts_of(listing.gaps), Contains("'/d/twin1' is there twice"));
  std::vector<std::string> paths;
  for (const auto& file : comparable(listing.files)) paths.push_back(file.path);
  EXPECT_THAT(paths, testing::ElementsAre("/d", "/d/twin1"));
}

TEST(HostileDisk, ANameOfAFreeInodeAndAWrongCountAreSaid) {
  ImageMaker maker;
  maker.file("hidden", "x");
  maker.file("counted", "y");
  maker.make();
  maker.debugfs({"freei hidden", "sif counted links_count 3"});
  const DiskListing listing = maker.list();
  EXPECT_THAT(texts_of(listing.gaps),
              Contains(HasSubstr("the name 'hidden' in directory inode 2 leads")));
  EXPECT_THAT(texts_of(listing.gaps),
              Contains(HasSubstr("says that it has 3 names, and 1 lead to it")));
}

TEST(HostileDisk, ATreeOfExtentsWithoutEndTakesNoTime) {
  ImageMaker maker;
  maker.file("evil", "content");
  maker.file("dir/x");
  maker.make(kPlain);
  unsigned block = 0;
  ASSERT_EQ(std::sscanf(maker.ask("blocks /evil").c_str(), "%u", &block), 1);
  // A node of 340 entries, each of which leads to this very node.
  std::string node =
      little(0xf30a, 2) + little(340, 2) + little(340, 2) + little(4, 2) + little(0, 4);
  for (unsigned i = 0; i < 340; ++i) node += little(i, 4) + little(block, 4) + little(0, 4);
  maker.poke(block * 4096ULL, node);
  const std::string root = little(0xf30a, 2) + little(1, 2) + little(4, 2) + little(5, 2) +
                           little(0, 8) + little(block, 4) + little(0, 4);
  maker.poke(maker.inode_offset("/dir") + 40, root);
  maker.poke(maker.inode_offset("/dir") + 4, little(0x7ffff000, 4));
  const auto start = std::chrono::steady_clock::now();
  const DiskListing listing = maker.list();
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
  EXPECT_THAT(texts_of(listing.gaps), Contains(HasSubstr("are nowhere")));
}

TEST(HostileDisk, BlockMapsThatLeadThroughEmptyBlocksForEverTakeNoTime) {
  ImageMaker maker;
  maker.file("pages", std::string(3 * 4096, 'x'));
  for (int i = 0; i < 20; ++i) maker.file(fmt::format("d{}/x", i));
  maker.make({"-b", "4096", "-O", "^metadata_csum,^uninit_bg,^has_journal,^extents,^64bit"});
  unsigned first = 0, second = 0, third = 0;
  ASSERT_EQ(std::sscanf(maker.ask("blocks /pages").c_str(), "%u %u %u", &first, &second, &third),
            3);
  std::string thousand_seconds, thousand_thirds;
  for (int i = 0; i < 1024; ++i) {
    thousand_seconds += little(second, 4);
    thousand_thirds += little(third, 4);
  }
  maker.poke(first * 4096ULL, thousand_seconds);
  maker.poke(second * 4096ULL, thousand_thirds);
  maker.poke(third * 4096ULL, std::string(4096, '\0'));
  for (int i = 0; i < 20; ++i) {
    const std::uint64_t inode = maker.inode_offset(fmt::format("/d{}", i));
    maker.poke(inode + 4, little(0x7ffff000, 4));
    maker.poke(inode + 40 + 14 * 4, little(first, 4));  // three levels of blocks
  }
  const auto start = std::chrono::steady_clock::now();
  const DiskListing listing = maker.list();
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
  EXPECT_THAT(texts_of(listing.gaps), Contains(HasSubstr("take too long to follow")));
}

TEST(HostileDisk, ADiskThatEndsTooEarlyIsListedAsFarAsItGoes) {
  ImageMaker maker;
  for (int i = 0; i < 2000; ++i)
    maker.file(fmt::format("d{}/{}", i % 50, i), std::string(9000, 'x'));
  maker.make({"-b", "1024", "-g", "1024"}, "64M");
  const std::size_t whole = maker.list().files.size();
  for (const std::uintmax_t size : {48U << 20, 8U << 20, 1U << 20, 100U << 10}) {
    fs::resize_file(maker.image(), size);
    try {
      const DiskListing listing = maker.list();
      EXPECT_THAT(texts_of(listing.gaps), Contains(HasSubstr("ends before its file system does")))
          << size;
      EXPECT_LE(listing.files.size(), whole);
      if (size <= 1U << 20) {
        EXPECT_LT(listing.files.size(), whole);
      }
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::Evidence) << size;
    }
  }
}

/// Lists and hashes whatever is left of a disk. What matters is that it returns, and that paths
/// stay sane.
void examine(const fs::path& image, int& refused, int& odd) {
  try {
    GuestDisk disk(file_source(Fd(::open(image.c_str(), O_RDONLY | O_CLOEXEC))));
    const DiskListing listing = list_files(disk);
    odd += !listing.gaps.empty();
    std::vector<std::string> paths;
    for (std::size_t i = 0; i < listing.files.size(); ++i) {
      const FileEntry& file = listing.files[i];
      ASSERT_TRUE(file.path.starts_with('/'));
      ASSERT_EQ(file.path.find('\0'), std::string::npos);
      if (i > 0) {
        ASSERT_LT(listing.files[i - 1].path, file.path);
      }
      paths.push_back(file.path);
    }
    (void)hash_files(disk, listing, paths, {.each = 1 << 20, .total = 4 << 20});
  } catch (const Error& error) {
    ASSERT_EQ(error.kind(), ErrorKind::Evidence) << error.what();
    ++refused;
  }
}

void damage_at_random(const std::vector<std::string>& options, unsigned seed) {
  ImageMaker maker;
  for (int i = 0; i < 60; ++i) {
    maker.file(fmt::format("d{}/e/{}{}", i % 7, std::string(100, 'n'), i),
               std::string(i * 300U, 'c'));
    fs::create_symlink(std::string(i * 3U + 1, 't'), maker.tree() / fmt::format("l{}", i));
  }
  maker.make(options, "2M");
  // Where there is something to break.
  const std::string clean = maker.peek(0, fs::file_size(maker.image()));
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < clean.size(); ++i) {
    if (clean[i] != '\0' && clean[i] != 'c') places.push_back(i);
  }
  std::mt19937 random(seed);
  int refused = 0;
  int odd = 0;
  const auto start = std::chrono::steady_clock::now();
  constexpr int kRounds = 200;
  for (int round = 0; round < kRounds; ++round) {
    std::string image = clean;
    const int flips = 1 << (round % 9);
    for (int i = 0; i < flips; ++i) {
      const std::size_t near = places[random() % places.size()];
      const std::size_t at = std::min(image.size() - 1, near + random() % 4);
      image[at] = static_cast<char>(round % 3 == 0 ? 0xff : random());
    }
    std::ofstream(maker.image(), std::ios::binary) << image;
    ASSERT_NO_FATAL_FAILURE(examine(maker.image(), refused, odd)) << "round " << round;
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(60));
  // The damage reached the listing, and did not always end it.
  EXPECT_GT(odd, kRounds / 10);
  EXPECT_LT(refused, kRounds * 9 / 10);
}

TEST(HostileDisk, RandomDamageWithoutChecksums) {
  damage_at_random({"-b", "1024", "-O", "^metadata_csum,^uninit_bg,^has_journal"}, 1);
}
TEST(HostileDisk, RandomDamageWithChecksums) { damage_at_random({"-b", "1024"}, 2); }
TEST(HostileDisk, RandomDamageToBlockMaps) {
  damage_at_random({"-b", "1024", "-O", "^metadata_csum,^uninit_bg,^extents,^64bit"}, 3);
}
TEST(HostileDisk, RandomDamageToInlineContent) {
  damage_at_random({"-b", "1024", "-I", "512", "-O", "inline_data,^metadata_csum"}, 4);
}

}  // namespace
}  // namespace skillaudit
