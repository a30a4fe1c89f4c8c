#include "harness/observe/edited_files.h"

#include <gtest/gtest.h>

namespace skillaudit {
namespace {

constexpr std::string_view kSource =
    "import os\n\ndef f():\n    return 1\n\ndef g():\n    return 2\n";

TEST(KeepsItsLines, HoldsForAFormatterAndACorrection) {
  EXPECT_TRUE(keeps_its_lines(kSource, kSource));
  EXPECT_TRUE(keeps_its_lines(kSource, "import os\ndef f():\n  return 1\ndef g():\n  return 3\n"));
  EXPECT_TRUE(keeps_its_lines(kSource, std::string(kSource) + "def h():\n    return 3\n"));
}

TEST(KeepsItsLines, DoesNotHoldForAnotherText) {
  EXPECT_FALSE(keeps_its_lines(kSource, ""));
  EXPECT_FALSE(keeps_its_lines(kSource, "aW1wb3J0IG9zCgpkZWYgZigpOgogICAgcmV0dXJuIDE=\n"));
  EXPECT_FALSE(keeps_its_lines(kSource, "import os\nimport os\nimport os\nimport os\n"));
}

TEST(KeepsItsLines, HoldsForAFileThatWasEmpty) { EXPECT_TRUE(keeps_its_lines("\n", "x\n")); }

}  // namespace
}  // namespace skillaudit
