#include "reports/formats.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <set>

#include "harness/base/file.h"
#include "harness/base/text.h"
#include "tests/paths.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;

const fs::path kSources = SKILLAUDIT_SOURCE_DIR;

/// The source files of the program in which a line of code, not of comments, holds the text.
std::set<std::string> files_with(const std::string& text) {
  std::set<std::string> files;
  for (const char* folder : {"harness", "reports", "fixtures"})
    for (const auto& entry : fs::recursive_directory_iterator(kSources / folder)) {
      const std::string extension = entry.path().extension().string();
      if (extension != ".cc" && extension != ".h") continue;
      const std::string content = read_file(entry.path());
      for (const std::string_view line : split(content, '\n'))
        if (line.substr(0, line.find("//")).find(text) != std::string_view::npos)
          files.insert(entry.path().lexically_relative(kSources).string());
    }
  return files;
}

// docs/contributor.md, "Add a format of reports": a file that renders, and an entry.
TEST(Formats, AreNamedWhereTheyAreListedAndNowhereElse) {
  for (const Format& format : formats()) {
    const bool is_a_common_word =
        format.name == "json" || format.name == "html" || format.name == "markdown";
    if (is_a_common_word) continue;
    EXPECT_THAT(files_with('"' + std::string(format.name) + '"'),
                ::testing::ElementsAre("reports/formats.cc"))
        << format.name;
    EXPECT_TRUE(fs::exists(kSources / "docs/samples" / format.file_name)) << format.file_name;
  }
}

}  // namespace
}  // namespace skillaudit
