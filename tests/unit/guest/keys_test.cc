#include "harness/guest/keys.h"

#include <gtest/gtest.h>

#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/temp_dir.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

TEST(KeyPair, OpenSshReadsThePrivateKeyAndFindsThePublicOne) {
  const KeyPair pair = generate_key_pair();
  const TempDir dir;
  write_file(dir.path() / "key", pair.private_key, 0600);
  const std::string found = check_output({"ssh-keygen", "-y", "-f", (dir.path() / "key").string()});
  EXPECT_EQ(found.substr(0, pair.public_key.size()), pair.public_key);
}

TEST(KeyPair, IsAnotherEachTime) {
  EXPECT_NE(generate_key_pair().public_key, generate_key_pair().public_key);
}

}  // namespace
}  // namespace skillaudit
