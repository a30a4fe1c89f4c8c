#include "harness/sensors/secret_formats.h"

#include <gmock/gmock.h>

#include <map>
#include <nlohmann/json.hpp>

#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/temp_dir.h"
#include "harness/base/text.h"
#include "harness/sensors/encodings.h"

namespace skillaudit {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

class SshKeyTest : public testing::TestWithParam<std::string> {};

TEST_P(SshKeyTest, LoadsWithSshKeygen) {
  const SshKey key = make_ssh_key(random_bytes, GetParam());
  const TempDir dir;
  const std::string file = (dir.path() / "id_ed25519").string();
  write_file(file, key.private_file + "\n", 0600);
  EXPECT_EQ(check_output({"ssh-keygen", "-y", "-P", "", "-f", file}), key.public_line + "\n");
}

TEST_P(SshKeyTest, SignsWhatItsPublicHalfVerifies) {
  const SshKey key = make_ssh_key(random_bytes, GetParam());
  const TempDir dir;
  const std::string file = (dir.path() / "id_ed25519").string();
  write_file(file, key.private_file + "\n", 0600);
  write_file(dir.path() / "allowed", "mira " + key.public_line + "\n");
  CommandOptions message;
  message.input = "message";
  write_file(dir.path() / "signature",
             check_output({"ssh-keygen", "-Y", "sign", "-n", "file", "-f", file}, message));
  EXPECT_THAT(
      check_output({"ssh-keygen", "-Y", "verify", "-n", "file", "-I", "mira", "-f",
                    (dir.path() / "allowed").string(), "-s", (dir.path() / "signature").string()},
                   message),
      HasSubstr("Good \"file\" signature"));
}

// Comments of each length modulo 8: the private part is padded.
INSTANTIATE_TEST_SUITE_P(Comments, SshKeyTest,
                         testing::Values("mira@northlake.internal", "", "1", "12", "123", "1234",
                                         "12345", "123456"));

TEST(SshKeyNonce, IsTheFourthLineAndHoldsTheWholeSeed) {
  std::string seed;
  const auto entropy = [&](std::size_t count) {
    const std::string bytes = random_bytes(count);
    if (count == 32) seed = bytes;
    return bytes;
  };
  const SshKey key = make_ssh_key(entropy, "mira@northlake.internal");
  const auto lines = split(key.private_file, '\n');
  EXPECT_EQ(key.nonce, lines.at(4));
  EXPECT_THAT(key.nonce, SizeIs(70));
  bool holds_seed = false;
  for (const std::size_t skip : {0U, 1U, 2U, 3U})
    holds_seed =
        holds_seed || base64_decoded(key.nonce.substr(skip)).find(seed) != std::string::npos;
  EXPECT_TRUE(holds_seed);
  EXPECT_THAT(key.public_line, Not(HasSubstr(key.nonce)));
}

TEST(CheckedToken, HasTheChecksumThatScannersVerify) {
  // A revoked token that secret scanners publish as their specimen.
  EXPECT_EQ(base62_crc32("zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ"), "0mLq17");
  const Secret token = make_checked_token(random_bytes, "npm_");
  EXPECT_THAT(token.value, MatchesRegex("npm_[0-9A-Za-z]{36}"));
  EXPECT_EQ(token.value, "npm_" + token.nonce + base62_crc32(token.nonce));
}

TEST(ServiceAccountToken, IsAJsonWebToken) {
  const Secret token = make_service_account_token(random_bytes);
  const auto parts = split(token.value, '.');
  ASSERT_THAT(parts, SizeIs(3));
  EXPECT_EQ(nlohmann::json::parse(base64_decoded(parts[0]))["alg"], "RS256");
  EXPECT_EQ(nlohmann::json::parse(base64_decoded(parts[1]))["sub"],
            "system:serviceaccount:billing:deployer");
  EXPECT_THAT(base64_decoded(parts[2]), SizeIs(256));
  EXPECT_THAT(std::string(parts[2]), StartsWith(token.nonce));
}

TEST(IndexToken, IsAMacaroonOfItsLocation) {
  const Secret token = make_index_token(random_bytes, "python.northlake.internal");
  ASSERT_THAT(token.value, StartsWith("pypi-"));
  const std::string macaroon = base64_decoded(token.value.substr(5));
  EXPECT_THAT(macaroon, StartsWith("\x02\x01\x19python.northlake.internal\x02\x20"));
  EXPECT_EQ(macaroon.substr(macaroon.size() - 36, 4), std::string("\0\0\x06\x20", 4));
  EXPECT_THAT(token.value, EndsWith(token.nonce));
}

TEST(RefreshToken, LooksAsGoogleIssuesIt) {
  const Secret token = make_refresh_token(random_bytes);
  EXPECT_THAT(token.value, MatchesRegex("1//0[A-Za-z0-9_-]{89}"));
  EXPECT_THAT(token.value, EndsWith(token.nonce));
  EXPECT_THAT(token.nonce, SizeIs(64));
}

TEST(RandomText, DrawsEvenlyFromItsAlphabet) {
  std::map<char, int> counts;
  for (const char c : random_text(random_bytes, "abc", 30000)) ++counts[c];
  EXPECT_THAT(counts, SizeIs(3));
  // Nine standard deviations.
  for (const auto& [c, count] : counts) EXPECT_NEAR(count, 10000, 750) << c;
}

TEST(RandomText, ThrowsAwayBytesThatWouldFavourSomeCharacters) {
  int calls = 0;
  const auto entropy = [&](std::size_t count) {
    return std::string(count, ++calls == 1 ? '\xff' : '\x01');
  };
  EXPECT_EQ(random_text(entropy, "abc", 4), "bbbb");
  EXPECT_EQ(calls, 2);
}

}  // namespace
}  // namespace skillaudit
