#include <gmock/gmock.h>

#include "harness/snapshot/capture.h"
#include "harness/snapshot/tables.h"

namespace skillaudit {
namespace {

using testing::HasSubstr;

FileEntry entry(std::string path, std::int64_t mtime_ns = 0) {
  return {.path = std::move(path),
          .type = FileType::Regular,
          .mode = 0644,
          .uid = 1000,
          .gid = 100,
          .size = 7,
          .mtime_ns = mtime_ns,
          .ctime_ns = 1'700'000'000'123'456'789};
}

TEST(FilesFromOutside, AreWrittenAsTheGuestsWalkWritesThem) {
  FileEntry link = entry("/home/line\nfeed \xff");
  link.type = FileType::Symlink;
  link.link_target = "to the \"other\"";
  FileEntry special = entry("/usr/bin/sudo", -1'500'000'000);
  special.mode = 04755;
  std::vector<FileEntry> entries = {link, special, entry("/zero", -500'000'000), entry("/zz", 1)};
  for (const FileType type :
       {FileType::Directory, FileType::Socket, FileType::Fifo, FileType::BlockDevice,
        FileType::CharacterDevice, FileType::Unknown}) {
    FileEntry other = entry("/~" + std::to_string(static_cast<int>(type)));
    other.type = type;
    entries.push_back(other);
  }
  const Parsed<FileEntry> parsed = parse_files(format_files(entries));
  EXPECT_EQ(parsed.rows, entries);
  EXPECT_THAT(parsed.gaps, testing::IsEmpty());
}

TEST(FilesFromOutside, ReplaceRowsOfTheSamePathAndAddTheOthers) {
  const std::string table = format_files({entry("/a", 1), entry("/b", 1), entry("/d", 1)});
  const std::string newer = format_files({entry("/d", 2), entry("/b", 2), entry("/c", 2)});
  EXPECT_EQ(
      parse_files(replace_files(table, newer)).rows,
      (std::vector<FileEntry>{entry("/a", 1), entry("/b", 2), entry("/c", 2), entry("/d", 2)}));
  EXPECT_EQ(replace_files(table, ""), table);
}

TEST(FilesFromOutside, TheStreamEndsByItsOwnWordAndTheGuestsViewFollows) {
  const std::string stream =
      "a login's words\nskillaudit-capture 1\ntable mounts 0 2 \nxx\nend 1\n";
  for (std::size_t size = 0; size < stream.size(); ++size)
    EXPECT_FALSE(split_output(stream.substr(0, size))) << size;
  const std::string whole = stream + "rows";
  const auto output = split_output(whole);
  ASSERT_TRUE(output);
  EXPECT_EQ(output->stream, stream);
  EXPECT_EQ(output->rest, "rows");
}

}  // namespace
}  // namespace skillaudit
