#include "harness/bundle/manifest.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/base/temp_dir.h"
#include "harness/bundle/layout.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Bundle : public testing::Test {
 protected:
  Bundle() {
    put("audit.json", "{}\n");
    put("bodies/10.bin", std::string("\0\xff", 2));
    put("bodies/7.bin", "");
    put("before/files", "x");
    put("report.md", "# Report\n");
  }

  void put(const std::string& path, std::string_view content) {
    fs::create_directories((dir() / path).parent_path());
    write_file(dir() / path, content);
  }

  const fs::path& dir() const { return dir_.path(); }

  Json manifest() const { return Json::parse(read_file(dir() / "manifest.json")); }

  std::string refusal() const {
    try {
      verify_bundle(dir());
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::Skill);
      return error.what();
    }
    ADD_FAILURE() << "the bundle was accepted";
    return {};
  }

  std::string refusal_to_seal() const {
    try {
      seal_bundle(dir());
    } catch (const Error& error) {
      return error.what();
    }
    ADD_FAILURE() << "the bundle was sealed";
    return {};
  }

  TempDir dir_;
};

TEST_F(Bundle, ManifestListsEachFileSortedWithSizeAndDigest) {
  seal_bundle(dir());
  const Json expected = {
      {"schema_version", 2},
      {"files",
       {{{"path", "audit.json"}, {"size", 3}, {"sha256", sha256("{}\n")}},
        {{"path", "before/files"}, {"size", 1}, {"sha256", sha256("x")}},
        {{"path", "bodies/10.bin"}, {"size", 2}, {"sha256", sha256(std::string("\0\xff", 2))}},
        {{"path", "bodies/7.bin"}, {"size", 0}, {"sha256", sha256("")}}}}};
  EXPECT_EQ(manifest().dump(2), expected.dump(2));
}

TEST_F(Bundle, VerifiesWhatItSealed) {
  seal_bundle(dir());
  EXPECT_NO_THROW(verify_bundle(dir()));
}

TEST_F(Bundle, SealingTwiceGivesTheSameBytes) {
  seal_bundle(dir());
  const std::string first = read_file(dir() / "manifest.json");
  seal_bundle(dir());
  EXPECT_EQ(read_file(dir() / "manifest.json"), first);
}

TEST_F(Bundle, RenderingAgainDoesNotBreakTheSeal) {
  seal_bundle(dir());
  put("report.md", "another");
  put("report.json", "{}");
  EXPECT_NO_THROW(verify_bundle(dir()));
}

TEST_F(Bundle, WithoutAManifestItIsHalfWritten) {
  EXPECT_THAT(refusal(), AllOf(HasSubstr(dir().string()), HasSubstr("not a complete bundle")));
}

TEST_F(Bundle, NamesEachFileThatIsMissingAddedOrChanged) {
  seal_bundle(dir());
  fs::remove(dir() / "before/files");
  put("after/extra", "x");
  put("audit.json", "{ }");  // the size stays
  put("bodies/7.bin", "longer");
  EXPECT_THAT(
      refusal(),
      HasSubstr("audit.json was changed, before/files is missing, bodies/7.bin was changed, "
                "after/extra was added"));
}

TEST_F(Bundle, NamesTenDifferencesAndCountsTheRest) {
  seal_bundle(dir());
  for (int i = 100; i < 115; ++i) put("bodies/" + std::to_string(i) + ".bin", "x");
  EXPECT_THAT(refusal(),
              AllOf(HasSubstr("bodies/109.bin was added and 5 more"), Not(HasSubstr("110.bin"))));
}

TEST_F(Bundle, ShowsHostileNamesEscaped) {
  seal_bundle(dir());
  put("evil\n\x1b[2J", "x");
  EXPECT_THAT(refusal(), HasSubstr("evil\\n\\x1b[2J was added"));
}

TEST_F(Bundle, RefusesASymlinkToAFile) {
  seal_bundle(dir());
  fs::remove(dir() / "audit.json");
  const TempDir outside;
  write_file(outside.path() / "audit.json", "{}\n");
  fs::create_symlink(outside.path() / "audit.json", dir() / "audit.json");
  EXPECT_THAT(refusal(), HasSubstr("audit.json in the bundle " + dir().string() + " is a symlink"));
  EXPECT_THAT(refusal_to_seal(), HasSubstr("is a symlink"));
}

TEST_F(Bundle, RefusesASymlinkToAFolderAndOneThatDangles) {
  const TempDir outside;
  fs::create_directory_symlink(outside.path(), dir() / "after");
  EXPECT_THAT(refusal_to_seal(), HasSubstr("after in the bundle"));
  fs::remove(dir() / "after");
  fs::create_symlink("/no/such/file", dir() / "after");
  EXPECT_THAT(refusal_to_seal(), HasSubstr("after in the bundle"));
}

TEST_F(Bundle, RefusesASymlinkInPlaceOfTheManifestOrTheReport) {
  seal_bundle(dir());
  const TempDir outside;
  fs::copy(dir() / "manifest.json", outside.path() / "m");
  fs::remove(dir() / "manifest.json");
  fs::create_symlink(outside.path() / "m", dir() / "manifest.json");
  EXPECT_THAT(refusal(), HasSubstr("manifest.json in the bundle"));
  fs::remove(dir() / "manifest.json");
  fs::remove(dir() / "report.md");
  fs::create_symlink(outside.path() / "m", dir() / "report.md");
  EXPECT_THAT(refusal(), HasSubstr("report.md in the bundle"));
}

TEST_F(Bundle, RefusesAPipeInsteadOfHangingOnIt) {
  seal_bundle(dir());
  ASSERT_EQ(::mkfifo((dir() / "flows.jsonl").c_str(), 0600), 0);
  EXPECT_THAT(refusal(), HasSubstr("flows.jsonl in the bundle"));
}

TEST_F(Bundle, RefusesNamesThatAreNotUtf8) {
  put("\xff", "x");
  EXPECT_THAT(refusal_to_seal(), HasSubstr("\\xff"));
}

TEST_F(Bundle, RefusesAnEndlessTree) {
  put("1/2/3/4/5/6/7/8/9/10/f", "x");
  EXPECT_THAT(refusal_to_seal(), HasSubstr("nested too deep"));
}

TEST_F(Bundle, AManifestCannotPointOutside) {
  seal_bundle(dir());
  const TempDir outside;
  write_file(outside.path() / "secret", "s");
  for (const std::string& path :
       {(outside.path() / "secret").string(),
        "../" + outside.path().filename().string() + "/secret", std::string("zz/../x")}) {
    Json changed = manifest();
    changed["files"] = Json::array({{{"path", path}, {"size", 1}, {"sha256", sha256("s")}}});
    write_file(dir() / "manifest.json", changed.dump());
    EXPECT_THAT(refusal(), HasSubstr(path + " is missing"));
  }
}

TEST_F(Bundle, RefusesAnotherSchemaVersion) {
  seal_bundle(dir());
  Json changed = manifest();
  changed["schema_version"] = 3;
  write_file(dir() / "manifest.json", changed.dump());
  EXPECT_THAT(refusal(), HasSubstr("schema version 3, but this skillaudit reads version 2"));
}

TEST_F(Bundle, RefusesADamagedManifest) {
  seal_bundle(dir());
  const std::string entry = R"({"path":"a","size":1,"sha256":")" + std::string(64, '0') + R"("})";
  const std::string start = R"({"schema_version":2,"files":)";
  for (const std::string& text :
       {std::string(), std::string("{"), std::string("[]"), std::string(R"({"files":[]})"),
        std::string(R"({"schema_version":"2","files":[]})"), start + "{}}",
        start + "[],\"more\":1}", start + "[1]}", start + R"([{"path":"a","size":1}]})",
        start + R"([{"path":1,"size":1,"sha256":""}]})",
        start + R"([{"path":"a","size":-1,"sha256":""}]})",
        start + R"([{"path":"a","size":1,"sha256":"00"}]})",
        start + "[" + entry + "," + entry + "]}", std::string(200000, '[')}) {
    write_file(dir() / "manifest.json", text);
    EXPECT_THAT(refusal(), HasSubstr("is damaged")) << text.substr(0, 200);
  }
}

TEST_F(Bundle, AFileOrNothingIsNotABundle) {
  EXPECT_THROW(verify_bundle(dir() / "audit.json"), Error);
  EXPECT_THROW(verify_bundle(dir() / "nothing"), Error);
}

TEST(RenderedFile, IsAReportAtTheTopAlone) {
  EXPECT_TRUE(is_rendered_file("report.md"));
  EXPECT_TRUE(is_rendered_file("report.html"));
  EXPECT_TRUE(is_rendered_file("report.json"));
  EXPECT_TRUE(is_rendered_file("report.sarif"));
  EXPECT_TRUE(is_rendered_file("timeline.jsonl"));
  EXPECT_FALSE(is_rendered_file("before/timeline.jsonl"));
  EXPECT_FALSE(is_rendered_file("after/report.md"));
  EXPECT_FALSE(is_rendered_file("report.d/x"));
  EXPECT_FALSE(is_rendered_file("report.md.new.12"));
  EXPECT_FALSE(is_rendered_file("report."));
  EXPECT_FALSE(is_rendered_file("reports.md"));
  EXPECT_FALSE(is_rendered_file("flows.jsonl"));
}

}  // namespace
}  // namespace skillaudit
