#include "harness/skill/stubs.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/temp_dir.h"
#include "harness/skill/audit_manifest.h"

namespace skillaudit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using testing::SizeIs;
using testing::StartsWith;

std::vector<GivenStub> parse(const std::string& text) {
  const YamlSource source{"stubs.yaml", 1, ErrorKind::Usage};
  return parse_stubs(source, parse_yaml(source, text));
}

template <typename Action>
std::string complaint(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Stubs, AreReadWithAllTheirParts) {
  const std::vector<GivenStub> stubs = parse(
      "- request: GET https://api.example/v1/*\n"
      "  status: 203\n  headers: {X-One: \"1\", X-Two: two}\n  delay: 1.5s\n"
      "  json: {on: true, n: 3, text: \"3\", list: [a, null]}\n"
      "- request: POST https://api.example/\n"
      "  sequence: [{body: first}, {failure: close}, {failure: timeout}, {file: answers/a.bin}]\n");
  ASSERT_THAT(stubs, SizeIs(2));
  EXPECT_EQ(stubs[0].request, "GET https://api.example/v1/*");
  EXPECT_EQ(stubs[0].place, "stubs.yaml:1:12");
  ASSERT_THAT(stubs[0].replies, SizeIs(1));
  const StubReply& reply = stubs[0].replies[0];
  EXPECT_EQ(reply.status, 203);
  EXPECT_THAT(reply.headers, ElementsAre(Pair("X-One", "1"), Pair("X-Two", "two")));
  EXPECT_EQ(reply.delay, std::chrono::milliseconds(1500));
  EXPECT_EQ(reply.body, R"({"on":true,"n":3,"text":"3","list":["a",null]})");
  ASSERT_THAT(stubs[1].replies, SizeIs(4));
  EXPECT_EQ(stubs[1].replies[0].body, "first");
  EXPECT_EQ(stubs[1].replies[1].failure, StubReply::Failure::Close);
  EXPECT_EQ(stubs[1].replies[2].failure, StubReply::Failure::Timeout);
  EXPECT_EQ(stubs[1].replies[3].from, "answers/a.bin");
}

TEST(Stubs, ThatAreWrongAreRefusedWithTheirPlace) {
  const std::pair<const char*, const char*> wrong[] = {
      {"a: b\n", "stubs.yaml:1:1: `stubs` must be a list"},
      {"- body: x\n", "stubs.yaml:1:3: this stub has no `request`"},
      {"- request: GET https://a.example/\n  statsu: 200\n", "stubs.yaml:2:3: "},
      {"- request: GET https://a.example/\n  status: 99\n", "stubs.yaml:2:11: `status` is `99`"},
      {"- request: GET https://a.example/\n  delay: 2m\n", "stubs.yaml:2:10: `delay` is longer"},
      {"- request: GET https://a.example/\n  failure: slow\n", "stubs.yaml:2:12: `failure`"},
      {"- request: GET https://a.example/\n  headers: {\"a b\": c}\n", "stubs.yaml:2:20: `a b`"},
      {"- request: GET https://a.example/\n  headers: {A: \"b\\r\\nC: d\"}\n",
       "stubs.yaml:2:16: `A`"},
      {"- request: GET https://a.example/\n  body: x\n  json: {}\n", "both `body` and `json`"},
      {"- request: GET https://a.example/\n  status: 200\n  sequence: [{body: x}]\n",
       "stubs.yaml:2:11: `status` is next to `sequence`"},
      {"- request: GET https://a.example/\n  sequence: []\n", "must be a list of 1 to 200"},
      {"- request: GET https://a.example/\n  sequence: [{request: x}]\n",
       "stubs.yaml:2:15: unknown key `request`"}};
  for (const auto& [text, expected] : wrong)
    EXPECT_THAT(complaint([&] { (void)parse(text); }), HasSubstr(expected)) << text;
}

TEST(Stubs, OfAFileForTheOptionAreReadWithTheirFiles) {
  const TempDir folder;
  std::filesystem::create_directory(folder.path() / "data");
  write_file(folder.path() / "data/a.bin", std::string("a\0b", 3));
  const std::filesystem::path file = folder.path() / "stubs.yaml";
  const std::string request = "- request: GET https://a.example/\n  ";
  write_file(file, "stubs:\n" + request + "file: data/a.bin\n");
  EXPECT_EQ(load_stub_file(file).at(0).replies.at(0).body, std::string("a\0b", 3));
  write_file(file, request + "file: data/a.bin\n");
  EXPECT_THAT(load_stub_file(file), SizeIs(1));
  for (const char* outside : {"../../etc/passwd", "/etc/passwd", "data/none", "data"}) {
    write_file(file, request + "file: " + outside + "\n");
    EXPECT_THAT(complaint([&] { (void)load_stub_file(file); }),
                HasSubstr("which is not a file below"))
        << outside;
  }
  write_file(file, "# nothing\n");
  EXPECT_THAT(complaint([&] { (void)load_stub_file(file); }), HasSubstr("the file has no stubs"));
  EXPECT_THAT(complaint([&] { (void)load_stub_file(folder.path() / "none"); }),
              StartsWith("--stub: there is no file"));
}

TEST(Stubs, OfAuditYamlBelongToTheSkillOrToOneScenario) {
  const AuditManifest manifest =
      parse_audit_manifest("audit.yaml",
                           "stubs:\n  - request: GET https://a.example/\n"
                           "scenarios:\n  - command: \"true\"\n    stubs: [{request: GET "
                           "https://b.example/, body: x}]\n");
  ASSERT_THAT(manifest.surroundings.stubs, SizeIs(1));
  EXPECT_EQ(manifest.surroundings.stubs[0].place, "audit.yaml:2:14");
  ASSERT_THAT(manifest.scenarios.at(0).surroundings.stubs, SizeIs(1));
}

}  // namespace
}  // namespace skillaudit
