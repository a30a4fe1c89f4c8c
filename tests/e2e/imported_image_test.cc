// A disk image as clouds have it: partitioned, booted by firmware, its network card and its console
// named by its own kernel command line. Imported, used for an audit and removed, by the program.
#include <gmock/gmock.h>

#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/providers/qemu/image.h"
#include "tests/e2e/account.h"
#include "tests/e2e/audited.h"
#include "tests/paths.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class Imported : public testing::Test {
 protected:
  /// A cache of its own: the first boot of a template is what this suite is about.
  Account account{Account::Images::None};

  /// Made of the image that the other suites run on.
  [[nodiscard]] fs::path cloud_image() const {
    check_output({SKILLAUDIT_PROGRAM, "image", "build"}, {.timeout = std::chrono::minutes(25)});
    fs::copy_file(cache_dir() / "accelerator", account.cache() / "accelerator",
                  fs::copy_options::skip_existing);
    const fs::path disk = account.home() / "cloud.qcow2";
    check_output({SKILLAUDIT_SOURCE_DIR "/tests/e2e/cloud_image.sh",
                  ImageStore(cache_dir()).find("debian-12")->disk.parent_path(), disk},
                 {.timeout = std::chrono::minutes(5)});
    return disk;
  }
};

TEST_F(Imported, CloudImageServesAuditsAndGoesAgain) {
  const CommandResult imported =
      account.run({"image", "import", cloud_image(), "--name", "cloud-test"});
  ASSERT_EQ(imported.exit_code, 0) << imported.err;
  EXPECT_THAT(imported.out, AllOf(StartsWith("cloud-test "), HasSubstr("Debian GNU/Linux 12")));
  EXPECT_THAT(account.run({"image", "list"}).out, HasSubstr("cloud-test "));
  EXPECT_TRUE(ImageStore(account.cache()).find("cloud-test")->kernel.empty())
      << "firmware boots it";

  const fs::path bundle = account.home() / "bundle";
  const Audited audited =
      read_audit(account.run({"run", SKILLAUDIT_SOURCE_DIR "/skills-examples/hello-notes", "--os",
                              "cloud-test", "--out", bundle}),
                 bundle);
  EXPECT_EQ(audited.program.exit_code, 0) << audited.program.err;
  EXPECT_EQ(audited.report.at("grade"), "A");
  EXPECT_EQ(audited.report.at("verdict"), "APPROVED");
  EXPECT_THAT(audited.report.at("findings"), IsEmpty()) << audited.report.at("findings").dump(1);
  EXPECT_THAT(audited.report.at("environment").at("image"), HasSubstr("cloud-test"));

  EXPECT_EQ(account.run({"image", "rm", "cloud-test"}).out, "removed cloud-test\n");
  EXPECT_THAT(account.run({"image", "list"}).out, HasSubstr("No image exists yet"));
  for (const auto& entry : fs::directory_iterator(account.cache() / "templates"))
    EXPECT_FALSE(entry.is_directory()) << entry.path();
  EXPECT_THAT(account.left_behind(), IsEmpty());
}

}  // namespace
}  // namespace skillaudit
