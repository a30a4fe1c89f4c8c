#include "harness/base/hash.h"

#include <gmock/gmock.h>

#include <set>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/temp_dir.h"

namespace skillaudit {
namespace {

// FIPS 180-2, appendix B, and the empty message.
TEST(Sha256Test, MatchesThePublishedVectors) {
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256(std::string(1000000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256Test, IsTheSameInPiecesAndAfterAMove) {
  Sha256 first;
  first.add("a");
  Sha256 second(std::move(first));
  second.add("bc");
  EXPECT_EQ(second.finish(), sha256("abc"));
}

TEST(Sha256File, HashesTheBytesOfAFile) {
  const TempDir dir;
  const std::string bytes(3 << 20, '\0');
  write_file(dir.path() / "f", bytes);
  EXPECT_EQ(sha256_file(dir.path() / "f"), sha256(bytes));
}

TEST(Sha256File, NamesAFileThatCannotBeRead) {
  EXPECT_THROW((void)sha256_file("/no/such/file"), Error);
  EXPECT_THROW((void)sha256_file("/usr"), Error);
}

TEST(Random, HasTheLengthAndAlphabetAndDoesNotRepeat) {
  EXPECT_THAT(random_hex(16), testing::MatchesRegex("[0-9a-f]{32}"));
  EXPECT_EQ(random_hex(0), "");
  EXPECT_EQ(random_bytes(1000).size(), 1000U);
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) seen.insert(random_hex(16));
  EXPECT_EQ(seen.size(), 100U);
}

}  // namespace
}  // namespace skillaudit
