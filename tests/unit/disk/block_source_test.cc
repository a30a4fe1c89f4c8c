#include "harness/disk/block_source.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <fstream>

#include "harness/base/error.h"
#include "harness/base/process.h"
#include "harness/disk/hash_files.h"
#include "tests/unit/disk/image.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A disk whose bytes tell their place, with a hole that cannot be read. Counts requests.
class PatternSource : public BlockSource {
 public:
  [[nodiscard]] std::uint64_t size() const override { return 16 << 20; }
  void read(std::span<const DiskRange> ranges, const RangeConsumer& consume) override {
    for (std::size_t i = 0; i < ranges.size(); ++i) {
      ++requests;
      EXPECT_LE(ranges[i].size, kMostAtOnce);
      std::string bytes(ranges[i].size, '\0');
      for (std::size_t k = 0; k < bytes.size(); ++k)
        bytes[k] = static_cast<char>((ranges[i].offset + k) / 4096);
      const bool bad = ranges[i].offset <= hole && hole < ranges[i].offset + ranges[i].size;
      consume(i, bad ? std::span<char>{} : std::span<char>(bytes));
    }
  }
  std::uint64_t hole = ~std::uint64_t{0};
  int requests = 0;
};

std::vector<std::string> read_all(BlockSource& source, const std::vector<DiskRange>& pieces) {
  std::vector<std::string> read;
  read_pieces(source, pieces, [&](std::size_t i, std::span<char> bytes) {
    EXPECT_EQ(i, read.size());
    read.push_back(bytes.empty() ? "failed" : fmt::format("{} x {}", int{bytes[0]}, bytes.size()));
  });
  return read;
}

TEST(ReadPieces, JoinsNeighboursAndKeepsTheOrder) {
  PatternSource source;
  EXPECT_THAT(
      read_all(source, {{4096, 4096}, {8192, 4096}, {24576, 100}, {1 << 20, 4096}, {0, 10}}),
      ElementsAre("1 x 4096", "2 x 4096", "6 x 100", "0 x 4096", "0 x 10"));
  EXPECT_EQ(source.requests, 3);
}

TEST(ReadPieces, AFailureTakesOnlyThePieceThatItIs) {
  PatternSource source;
  source.hole = 8192;
  EXPECT_THAT(read_all(source, {{4096, 4096}, {8192, 4096}, {12288, 4096}, {1 << 20, 4096}}),
              ElementsAre("1 x 4096", "failed", "3 x 4096", "0 x 4096"));
}

/// qemu-nbd on an overlay of an image, as QEMU's own server exports a guest's disk.
class NbdServer {
 public:
  explicit NbdServer(const fs::path& image) {
    const fs::path overlay = folder_.path() / "overlay.qcow2";
    check_output({"qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", image.string(),
                  overlay.string()});
    server_ = Process({"qemu-nbd", "--read-only", "--persistent", "--shared=4", "--format=qcow2",
                       "--socket=" + socket().string(), overlay.string()},
                      {.log = folder_.path() / "log"});
    for (int i = 0; i < 1000 && !listens(); ++i) ::usleep(10'000);
  }
  [[nodiscard]] fs::path socket() const { return folder_.path() / "socket"; }
  void kill() { server_.stop(); }

 private:
  [[nodiscard]] bool listens() const {
    const Fd probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{.sun_family = AF_UNIX};
    fmt::format_to_n(address.sun_path, sizeof address.sun_path - 1, "{}", socket().string());
    return ::connect(probe.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  TempDir folder_;
  Process server_;
};

TEST(NbdSource, ADiskBehindAServerIsTheSameDisk) {
  ImageMaker maker;
  for (int i = 0; i < 500; ++i) {
    maker.file(fmt::format("d{}/f{}", i % 20, i),
               std::string(static_cast<std::size_t>(i) * 40, 'x'));
  }
  maker.make();
  GuestDisk direct = maker.open();
  const DiskListing expected = list_files(direct);
  const NbdServer server(maker.image());
  GuestDisk disk(nbd_source(server.socket()));
  const DiskListing listing = list_files(disk);
  EXPECT_EQ(difference(listing.files, expected.files), "");
  EXPECT_EQ(listing.inodes, expected.inodes);
  EXPECT_THAT(listing.gaps, IsEmpty());
  std::vector<std::string> paths;
  for (const FileEntry& file : listing.files) paths.push_back(file.path);
  const DiskDigests there = hash_files(disk, listing, paths);
  const DiskDigests here = hash_files(direct, expected, paths);
  ASSERT_EQ(there.digests.size(), here.digests.size());
  for (std::size_t i = 0; i < here.digests.size(); ++i) {
    EXPECT_EQ(there.digests[i].sha256, here.digests[i].sha256) << here.digests[i].path;
  }
}

TEST(NbdSource, GoesOverASocketThatIsConnectedAlready) {
  ImageMaker maker;
  maker.file("f");
  maker.make();
  const NbdServer server(maker.image());
  Fd connected(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{.sun_family = AF_UNIX};
  fmt::format_to_n(address.sun_path, sizeof address.sun_path - 1, "{}", server.socket().string());
  ASSERT_EQ(::connect(connected.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  GuestDisk disk(nbd_source(std::move(connected)));
  EXPECT_EQ(list_files(disk).files.size(), 3U);
}

template <typename Call>
std::pair<ErrorKind, std::string> error_of(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return {error.kind(), error.what()};
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

TEST(NbdSource, NamesTheSocketOnWhichNobodyListens) {
  const TempDir folder;
  const auto [kind, text] = error_of([&] { (void)nbd_source(folder.path() / "nobody"); });
  EXPECT_EQ(kind, ErrorKind::Environment);
  EXPECT_THAT(text, HasSubstr((folder.path() / "nobody").string()));
}

TEST(NbdSource, AnExportThatIsNotThereIsSaid) {
  ImageMaker maker;
  maker.make();
  const NbdServer server(maker.image());
  const auto [kind, text] = error_of([&] { (void)nbd_source(server.socket(), "other"); });
  EXPECT_EQ(kind, ErrorKind::Environment);
}

TEST(NbdSource, ADiskThatIsLostWhileItIsReadIsEvidenceMissing) {
  ImageMaker maker;
  maker.file("f", "content");
  maker.make();
  NbdServer server(maker.image());
  GuestDisk disk(nbd_source(server.socket()));
  server.kill();
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(error_of([&] { (void)list_files(disk); }).first, ErrorKind::Evidence);
  }
}

TEST(NbdSource, AServerThatSaysNothingIsNotWaitedForLong) {
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  const Fd silent(ends[1]);
  const auto [kind, text] = error_of([&] { (void)nbd_source(Fd(ends[0]), "", 300); });
  EXPECT_EQ(kind, ErrorKind::Environment);
  EXPECT_THAT(text, HasSubstr("silent for 0.3 s"));
}

}  // namespace
}  // namespace skillaudit
