// Broken front matter, each beside what is read of it and the exact notes; broken audit.yaml files,
// each beside the exact message: NAME.md or NAME.yaml with NAME.expected.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/skill/audit_manifest.h"
#include "harness/skill/front_matter.h"
#include "tests/paths.h"

namespace skillaudit {
namespace {
namespace fs = std::filesystem;

const fs::path kData = SKILLAUDIT_TEST_DATA;

std::vector<fs::path> cases(const std::string& folder, const std::string& extension) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(kData / folder))
    if (entry.path().extension() == extension) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string name_of_case(const testing::TestParamInfo<fs::path>& info) {
  return info.param.stem().string();
}

void expect_golden_error(const fs::path& input,
                         const std::function<void(const std::string&)>& run) {
  fs::path golden = input;
  const std::string expected = read_file(golden.replace_extension(".expected"));
  try {
    run(read_file(input));
    FAIL() << "accepted; expected: " << expected;
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Skill);
    EXPECT_EQ(error.what() + std::string("\n"), expected);
  }
}

class BrokenFrontMatter : public testing::TestWithParam<fs::path> {};

TEST_P(BrokenFrontMatter, IsReadAsFarAsPossibleAndNoted) {
  fs::path golden = GetParam();
  const FrontMatter head = parse_front_matter(read_file(golden));
  std::string read = "name: " + printable(head.name) +
                     "\ndescription: " + shorten(printable(head.description), 60) + "\n";
  for (const std::string& note : head.notes) read += note + "\n";
  EXPECT_EQ(read, read_file(golden.replace_extension(".expected")));
}

INSTANTIATE_TEST_SUITE_P(Golden, BrokenFrontMatter, testing::ValuesIn(cases("front_matter", ".md")),
                         name_of_case);

class BrokenAuditManifest : public testing::TestWithParam<fs::path> {};

TEST_P(BrokenAuditManifest, GivesOneSentenceWithItsPlace) {
  expect_golden_error(
      GetParam(), [](const std::string& text) { (void)parse_audit_manifest("audit.yaml", text); });
}

INSTANTIATE_TEST_SUITE_P(Golden, BrokenAuditManifest,
                         testing::ValuesIn(cases("audit_manifest", ".yaml")), name_of_case);

}  // namespace
}  // namespace skillaudit
