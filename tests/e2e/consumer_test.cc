// The framework as a stranger has it: installed into a prefix of its own, found by CMake, used by a
// project outside of this tree (skills-examples/consumer).
#include <gmock/gmock.h>

#include <memory>
#include <regex>

#include "harness/base/file.h"
#include "harness/base/text.h"
#include "tests/e2e/account.h"
#include "tests/e2e/expected_outcome.h"
#include "tests/paths.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

/// The sentences of the failures, without what differs from run to run.
std::string sentences_of(const std::string& output) {
  std::string sentences;
  for (const std::string_view line : split(output, '\n')) {
    const bool speaks = line.starts_with("Expected: ") || line.starts_with("  Actual: ") ||
                        line.starts_with("C++ exception ");
    if (speaks) sentences += std::string(line) + "\n";
  }
  for (const auto& [drawn, instead] :
       {std::pair(R"(bundle \S+ )", "bundle * "), std::pair(R"(#\d+)", "#N"),
        std::pair(R"(\+[0-9.]+ s)", "+N s"), std::pair(R"(/\S*/hello-)", "*/hello-")})
    sentences = std::regex_replace(sentences, std::regex(drawn), instead);
  return sentences;
}

class Consumer : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    account_ = std::make_unique<Account>(Account::Images::Shared);
    check_output({"cmake", "--install", SKILLAUDIT_BUILD_DIR, "--prefix", prefix().string()});
    fs::copy(kExamples / "consumer", project(), fs::copy_options::recursive);
    check_output({"cmake", "-S", project().string(), "-B", (project() / "build").string(),
                  "-DCMAKE_PREFIX_PATH=" + prefix().string(), "-DSKILLS=" + kExamples.string(),
                  "-DCMAKE_CXX_FLAGS=" SKILLAUDIT_CXX_FLAGS},
                 {.timeout = std::chrono::minutes(5)});
    check_output({"cmake", "--build", (project() / "build").string(), "-j2"},
                 {.timeout = std::chrono::minutes(15)});
  }
  static void TearDownTestSuite() { account_.reset(); }

  static fs::path prefix() { return account_->home() / "prefix"; }
  static fs::path project() { return account_->home() / "consumer"; }
  static CommandResult run_test(const std::string& program) {
    return run_command(
        {(project() / "build" / program).string()},
        {.timeout = std::chrono::minutes(10), .environment = account_->environment()});
  }

 private:
  static inline std::unique_ptr<Account> account_;
};

TEST_F(Consumer, PassesItsOwnTests) {
  const CommandResult result = run_test("notes_test");
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_THAT(result.out, HasSubstr("[  PASSED  ] 4 tests."));
}

TEST_F(Consumer, FindsManualAndCompletionsWhereTheirReadersLook) {
  for (const char* file :
       {"man/man1/skillaudit.1", "bash-completion/completions/skillaudit",
        "zsh/site-functions/_skillaudit", "fish/vendor_completions.d/skillaudit.fish"})
    EXPECT_THAT(read_file(prefix() / "share" / file), HasSubstr("rollback")) << file;
}

TEST_F(Consumer, IsToldWhyItsTestsFail) {
  const CommandResult result = run_test("failing_twins_test");
  EXPECT_EQ(result.exit_code, 1) << result.out << result.err;
  EXPECT_THAT(result.out, Not(HasSubstr("[       OK ]")));
  EXPECT_EQ(sentences_of(result.out), read_file(kExamples / "consumer/golden/failing_twins.txt"));
}

TEST_F(Consumer, UsesTheFilesOfThePrefix) {
  const fs::path rubric = prefix() / "share/skillaudit/reports/rubric.yaml";
  fs::rename(rubric, prefix() / "rubric.yaml");
  write_file(rubric, "not a rubric");
  const CommandResult result = run_test("notes_test");
  fs::rename(prefix() / "rubric.yaml", rubric);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.out, HasSubstr("rubric"));
}

}  // namespace
}  // namespace skillaudit
