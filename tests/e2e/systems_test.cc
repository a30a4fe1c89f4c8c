// One skill on several operating systems. Builds an image and a template of the second, where the
// cache has none.
#include <gmock/gmock.h>

#include "harness/base/file.h"
#include "tests/e2e/account.h"
#include "tests/e2e/audited.h"
#include "tests/e2e/expected_outcome.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Systems, TheExamplesComeToTheSameOnDebian12AndDebian13) {
  check_output({SKILLAUDIT_PROGRAM, "image", "build", "--os", "debian-13"},
               {.timeout = std::chrono::minutes(25)});
  Account account{Account::Images::Shared};
  const fs::path out = account.home() / "reports";
  const CommandResult result =
      account.run({"run", kExamples / "hello-notes", kExamples / "vm-report-sample", "--os",
                   "debian-12,debian-13", "--out", out});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  for (const std::string name : {"hello-notes", "vm-report-sample"}) {
    EXPECT_THAT(result.out, HasSubstr("\n" + name + ": the same on all systems\n"));
    const json comparison = json::parse(read_file(out / name / "comparison.json"));
    EXPECT_EQ(comparison.at("same"), true) << comparison.dump(1);
    EXPECT_THAT(read_file(out / name / "comparison.md"),
                HasSubstr("| debian-13 (Debian GNU/Linux 13 (trixie)) | APPROVED"));
    for (const std::string os : {"debian-12", "debian-13"}) {
      SCOPED_TRACE(name + " on " + os);
      const fs::path bundle = out / name / os;
      const Audited audited = read_audit(account.run({"report", bundle}), bundle);
      expect_outcome(audited, name);
      EXPECT_THAT(audited.report.at("environment").at("os").get<std::string>(),
                  HasSubstr("Linux " + os.substr(os.size() - 2)));
    }
  }
  EXPECT_THAT(account.left_behind(), IsEmpty());
}

}  // namespace
}  // namespace skillaudit
