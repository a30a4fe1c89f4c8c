#include "harness/audit/work_documents.h"

#include <gmock/gmock.h>

#include "harness/base/error.h"

namespace skillaudit {
namespace {

using testing::Contains;
using testing::EndsWith;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

constexpr const char* kCanary = "qa81mzx0";

TEST(WorkDocuments, AreOfTheKindThatTheEndingTells) {
  EXPECT_THAT(make_document("input.pdf", kCanary), StartsWith("%PDF-1.4"));
  EXPECT_THAT(make_document("input.pdf", kCanary), EndsWith("%%EOF\n"));
  EXPECT_THAT(make_document("a/B.PNG", kCanary), StartsWith("\x89PNG"));
  EXPECT_THAT(make_document("photo.jpeg", kCanary), StartsWith("\xff\xd8"));
  EXPECT_THAT(make_document("table.csv", kCanary), HasSubstr(",2024-09-02,"));
  for (const char* name : {"a.docx", "a.xlsx", "a.pptx"})
    EXPECT_THAT(make_document(name, kCanary), StartsWith("PK\x03\x04")) << name;
}

TEST(WorkDocuments, HaveTheCanaryInTheirText) {
  for (const char* name : {"a.pdf", "a.docx", "a.xlsx", "a.pptx", "a.csv", "a.md", "a.txt",
                           "a.json", "a.html", "a.xml", "a.svg"}) {
    EXPECT_THAT(make_document(name, kCanary), HasSubstr(kCanary)) << name;
    EXPECT_THAT(make_document(name, kCanary), Not(HasSubstr("{{"))) << name;
  }
}

TEST(WorkDocuments, AreNoProgramsAndNoConfiguration) {
  for (const char* name : {"run.sh", "setup.py", "Makefile", ".json", "a/.md", "pyproject.toml",
                           ".env", "id_rsa", "x.desktop", ""})
    EXPECT_FALSE(can_make_document(name)) << name;
  EXPECT_THROW((void)make_document("run.sh", kCanary), Error);
}

TEST(WorkDocuments, LieInTheProjectAndAreWatchedAsItsOtherDocumentsAre) {
  FurnishedHome home;
  home.files.push_back({.path = "projects/tidewatch/README.md", .content = "mine"});
  const auto entropy = [](std::size_t count) { return std::string(count, '\1'); };
  add_documents(home, {"input.docx", "README.md", "photo.png"}, "/home/ubuntu", entropy);
  EXPECT_EQ(home.files.size(), 3U);
  EXPECT_EQ(home.files[0].content, "mine");
  ASSERT_EQ(home.canaries.size(), 1U);
  EXPECT_EQ(home.canaries[0].path, "/home/ubuntu/projects/tidewatch/input.docx");
  add_documents(home, {"/tmp/body.md"}, "/home/ubuntu", entropy);
  EXPECT_EQ(home.files.back().path, "/tmp/body.md");
  EXPECT_EQ(home.canaries.size(), 1U);
  EXPECT_THAT(home.files, Contains(Field(&HomeFile::content, HasSubstr(home.canaries[0].nonce))));
}

}  // namespace
}  // namespace skillaudit
