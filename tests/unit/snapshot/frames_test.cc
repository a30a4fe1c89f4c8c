#include <gmock/gmock.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/temp_dir.h"
#include "harness/snapshot/capture.h"
#include "harness/snapshot/capture_tables.h"
#include "harness/snapshot/details.h"
#include "tests/paths.h"
#include "tests/unit/gap_texts.h"

namespace skillaudit {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string kMagic = "skillaudit-capture 1\n";

std::string frame(const std::string& name, const std::string& bytes, int code = 0,
                  const std::string& message = {}) {
  return "table " + name + " " + std::to_string(code) + " " + std::to_string(bytes.size()) + " " +
         message + "\n" + bytes + "\n";
}

/// A whole stream in which `odd` stands in for the table of its name.
std::string whole_stream(const std::string& odd_name = {}, const std::string& odd = {}) {
  std::string stream = kMagic;
  for (const auto name : capture_tables()) {
    stream += name == odd_name ? odd : frame(std::string(name), {});
  }
  return stream + "end " + std::to_string(capture_tables().size()) + "\n";
}

TEST(Frames, OfAWholeStreamHaveNoGaps) {
  const std::string bytes("any\0bytes\ntable x 0 1\n", 22);
  const auto raw = parse_frames(whole_stream("users", frame("users", bytes)));
  EXPECT_THAT(raw.gaps, IsEmpty());
  EXPECT_THAT(raw.tables, SizeIs(capture_tables().size()));
  EXPECT_EQ(raw.tables.at("users"), bytes);
}

TEST(Frames, MayFollowWhatALoginShellSays) {
  const auto raw = parse_frames("welcome\nhave a nice day\n" + whole_stream());
  EXPECT_THAT(raw.gaps, IsEmpty());
}

TEST(Frames, KeepWhatAFailedCommandPrintedAndSayThatItFailed) {
  const auto raw =
      parse_frames(whole_stream("files", frame("files", "partial", 124, "out of\x1b[2J time")));
  EXPECT_EQ(raw.tables.at("files"), "partial");
  EXPECT_THAT(
      texts_of(raw.gaps),
      testing::ElementsAre("the guest's table 'files' may lack rows: its command ended with 124: "
                           "out of\\x1b[2J time"));
}

TEST(Frames, NameEachMissingTable) {
  EXPECT_THAT(texts_of(parse_frames(whole_stream("cron", "")).gaps),
              Contains(HasSubstr("table 'cron' is missing")));
  EXPECT_THAT(parse_frames("").gaps, SizeIs(capture_tables().size() + 1));
}

struct Damage {
  std::string stream;
  std::string sentence;
};

class DamagedStream : public testing::TestWithParam<Damage> {};

TEST_P(DamagedStream, IsAGap) {
  EXPECT_THAT(texts_of(parse_frames(GetParam().stream).gaps),
              Contains(HasSubstr(GetParam().sentence)));
}

INSTANTIATE_TEST_SUITE_P(
    Frames, DamagedStream,
    testing::Values(
        Damage{"bash: sudo: command not found\n", "does not begin as one"},
        Damage{std::string(70000, 'x') + "\n" + whole_stream(), "does not begin as one"},
        Damage{kMagic, "has no end"},
        Damage{kMagic + "table users 0 99 \nroot\n", "ends inside table 'users'"},
        Damage{kMagic + "table users 0 18446744073709551615 \nroot\n", "ends inside table 'users'"},
        Damage{kMagic + "table users 0 18446744073709551616 \nroot\n", "header of table 'users'"},
        Damage{kMagic + "table users 0 2 \nroot\n", "longer than its header"},
        Damage{kMagic + "table users zero 4 \nroot\n", "header of table 'users'"},
        Damage{kMagic + "table \x1b[2J 0 0 \n\n", "table '\\x1b[2J' is unknown"},
        Damage{kMagic + frame("users", "a") + frame("users", "b"), "'users' came twice"},
        Damage{kMagic + "hello\n", "something else stands"},
        Damage{kMagic + "end 3\n", "another number of tables"},
        Damage{kMagic + std::string(100000, 't'), "has no end"},
        Damage{whole_stream() + whole_stream(), "follow its end"}));

TEST(RawSnapshot, ComesBackFromDiskAsItWas) {
  const TempDir dir;
  RawSnapshot raw = parse_frames(whole_stream("users", frame("users", "a\n\xff", 1, "why")));
  write_raw(raw, dir.path() / "before");
  const RawSnapshot again = read_raw(dir.path() / "before");
  EXPECT_EQ(again.tables, raw.tables);
  EXPECT_EQ(again.gaps, raw.gaps);
}

TEST(RawSnapshot, MayLackATableThatAGapExplains) {
  const TempDir dir;
  const RawSnapshot raw = parse_frames(whole_stream("cron", ""));
  write_raw(raw, dir.path());
  EXPECT_EQ(read_raw(dir.path()).gaps, raw.gaps);
}

TEST(RawSnapshot, IsRefusedWhenATableIsGoneOrStrange) {
  const TempDir dir;
  write_raw(parse_frames(whole_stream()), dir.path());
  std::filesystem::remove(dir.path() / "users");
  EXPECT_THROW((void)read_raw(dir.path()), Error);
  write_raw(parse_frames(whole_stream()), dir.path());
  EXPECT_NO_THROW((void)read_raw(dir.path()));
  write_file(dir.path() / "stranger", "");
  EXPECT_THROW((void)read_raw(dir.path()), Error);
}

TEST(Snapshot, NamesUsersAndBeginsItsGapsWithThoseOfTheStream) {
  RawSnapshot raw;
  raw.gaps = {Gap::lost(GapSource::Snapshot, "the guest's table 'files' is missing",
                        {.table = Table::Files})};
  for (const auto name : capture_tables()) {
    const std::filesystem::path path = std::filesystem::path(SKILLAUDIT_TEST_DATA) / name;
    if (name != "files") raw.tables.emplace(name, read_file(path));
  }
  const Snapshot snapshot = parse_snapshot(raw);
  EXPECT_EQ(snapshot.gaps.front(), raw.gaps.front());
  EXPECT_THAT(snapshot.gaps, SizeIs(4)) << "users, groups and mounts hold a malformed row each";
  for (const auto& process : snapshot.processes) {
    EXPECT_EQ(process.username, process.uid == 0 ? "root" : "u");
  }
  EXPECT_EQ(snapshot.cron.back().user, "u");
  EXPECT_THAT(snapshot.units,
              testing::ElementsAre(
                  Unit{"system", "bad.service", "loaded", "failed", "failed", "disabled"},
                  Unit{"system", "cron.timer", "loaded", "active", "waiting", ""},
                  Unit{"system", "gone.service", "not-found", "inactive", "dead", ""},
                  Unit{"system", "idle@.service", "", "inactive", "dead", "static"},
                  Unit{"system", "ssh.service", "loaded", "active", "running", "enabled"},
                  Unit{"user:*", "all.service", "", "inactive", "dead", "enabled"},
                  Unit{"user:u", "all.service", "loaded", "inactive", "dead", "enabled"},
                  Unit{"user:u", "mine.service", "loaded", "active", "running", "disabled"},
                  Unit{"user:u", "sleeper.timer", "", "inactive", "dead", "enabled"}));
}

TEST(Details, TellDigestsFromReasons) {
  using std::string_literals::operator""s;
  const std::string sha(64, 'a');
  const auto details =
      parse_details(kMagic + frame("digests", "/a\nb\0"s + sha + "\0/big\0over 256 MiB\0"s) +
                    frame("package_files",
                          "dpkg\0jq\0"
                          "2\0/usr\0/usr/bin/jq\0"s) +
                    "end 2\n");
  EXPECT_THAT(details.gaps, IsEmpty());
  ASSERT_THAT(details.digests, SizeIs(1));
  EXPECT_EQ(details.digests[0].path, "/a\nb");
  EXPECT_EQ(details.digests[0].sha256, sha);
  EXPECT_THAT(texts_of(details.notes), testing::ElementsAre("/big was not hashed: over 256 MiB"));
  ASSERT_THAT(details.package_files, SizeIs(1));
  EXPECT_EQ(details.package_files[0].package, "jq");
  EXPECT_THAT(details.package_files[0].paths, testing::ElementsAre("/usr", "/usr/bin/jq"));
}

TEST(Details, AreAGapWhenCutOff) {
  using std::string_literals::operator""s;
  EXPECT_THAT(parse_details("").gaps, SizeIs(1));
  EXPECT_THAT(parse_details(kMagic + frame("digests", "/a\0"s) +
                            frame("package_files",
                                  "dpkg\0jq\0"
                                  "999999999999\0/usr\0"s) +
                            "end 2\n")
                  .gaps,
              SizeIs(2));
}

}  // namespace
}  // namespace skillaudit
