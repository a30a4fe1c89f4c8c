#include "harness/skill/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/temp_dir.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

struct Item {
  std::string path;
  std::string content;
  unsigned type = AE_IFREG;
  unsigned mode = 0644;
};

using Items = std::vector<Item>;

/// An archive in a folder of its own, to be unpacked beside it.
class Packed {
 public:
  explicit Packed(const Items& items, const std::string& name = "a.tar.gz")
      : file_(folder_.path() / name) {
    const std::unique_ptr<archive, decltype(&archive_write_free)> out(archive_write_new(),
                                                                      archive_write_free);
    archive_write_set_format_filter_by_ext(out.get(),
                                           name.ends_with(".skill") ? "a.zip" : name.c_str());
    archive_write_open_filename(out.get(), file_.c_str());
    for (const Item& item : items) {
      const std::unique_ptr<archive_entry, decltype(&archive_entry_free)> entry(archive_entry_new(),
                                                                                archive_entry_free);
      archive_entry_set_pathname(entry.get(), item.path.c_str());
      archive_entry_set_filetype(entry.get(), item.type);
      archive_entry_set_perm(entry.get(), static_cast<mode_t>(item.mode));
      if (item.type == AE_IFLNK)
        archive_entry_set_symlink(entry.get(), item.content.c_str());
      else if (item.type == AE_IFREG)
        archive_entry_set_size(entry.get(), static_cast<la_int64_t>(item.content.size()));
      archive_write_header(out.get(), entry.get());
      if (item.type == AE_IFREG)
        archive_write_data(out.get(), item.content.data(), item.content.size());
    }
    archive_write_close(out.get());
    fs::create_directory(out_());
  }

  [[nodiscard]] fs::path unpacked() const {
    unpack(file_, out_());
    return out_();
  }
  [[nodiscard]] std::string complaint() const {
    try {
      unpack(file_, out_());
    } catch (const Error& error) {
      return error.kind() == ErrorKind::Skill ? error.what() : "";
    }
    return {};
  }
  [[nodiscard]] const fs::path& file() const { return file_; }

 private:
  [[nodiscard]] fs::path out_() const { return folder_.path() / "out"; }
  TempDir folder_;
  fs::path file_;
};

TEST(Unpack, ReadsEachKindOfArchive) {
  for (const char* name :
       {"a.zip", "a.skill", "a.tar", "a.tgz", "a.tar.gz", "a.tar.xz", "a.tar.bz2"}) {
    const Packed packed(
        Items{{"demo/SKILL.md", "Text.\n"}, {"./demo/run.sh", "ls\n", AE_IFREG, 04755}}, name);
    const fs::path folder = packed.unpacked();
    EXPECT_EQ(read_file(folder / "demo/SKILL.md"), "Text.\n") << name;
    EXPECT_EQ(fs::status(folder / "demo/run.sh").permissions(), fs::perms(0755)) << name;
  }
}

TEST(Unpack, KnowsTheNamesOfArchives) {
  EXPECT_TRUE(is_archive_name("dir/My.Skill"));
  EXPECT_FALSE(is_archive_name("dir/SKILL.md"));
  EXPECT_FALSE(is_archive_name(".zip"));
  EXPECT_EQ(archive_stem("dir/notes-1.2.tar.gz"), "notes-1.2");
}

TEST(Unpack, RefusesNamesThatLeaveTheArchive) {
  for (const char* name : {"/etc/x", "../x", "a/../../x", "a/.."})
    EXPECT_THAT(Packed(Items{{name, "x"}}).complaint(),
                AllOf(HasSubstr("a.tar.gz: the entry `"), HasSubstr(name)))
        << name;
}

TEST(Unpack, RefusesNamesThatATerminalWouldObey) {
  for (const char* name : {"a\nb", "a\x1b[2Jb", "a\tb", "a\x7f"})
    EXPECT_THAT(
        Packed(Items{{name, "x"}}).complaint(),
        AllOf(HasSubstr("has control characters in its name"), testing::Not(HasSubstr("\x1b"))))
        << name;
}

TEST(Unpack, RefusesAHugeFileOfHolesBeforeWritingIt) {
  TempDir folder;
  write_file(folder.path() / "model.bin", "");
  fs::resize_file(folder.path() / "model.bin", 1ULL << 34);
  const fs::path file = folder.path() / "a.tar";
  (void)check_output(
      {"tar", "-C", folder.path().string(), "--sparse", "-cf", file.string(), "model.bin"});
  EXPECT_LT(fs::file_size(file), 100'000U);
  fs::create_directory(folder.path() / "out");
  try {
    unpack(file, folder.path() / "out");
    ADD_FAILURE() << "it was unpacked";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("has more than 256 MiB unpacked, at the entry"));
  }
  EXPECT_TRUE(fs::is_empty(folder.path() / "out"));
}

TEST(Unpack, LeavesAnArchiveInsidePacked) {
  const Packed inner(Items{{"zeros", std::string(1'000'000, '\0')}}, "inner.zip");
  const Packed packed(Items{{"SKILL.md", "Text.\n"}, {"more/inner.zip", read_file(inner.file())}});
  const fs::path folder = packed.unpacked();
  EXPECT_EQ(fs::file_size(folder / "more/inner.zip"), fs::file_size(inner.file()));
  EXPECT_FALSE(fs::exists(folder / "more/zeros"));
}

TEST(Unpack, RefusesHardLinks) {
  TempDir folder;
  fs::create_directory(folder.path() / "in");
  write_file(folder.path() / "in/a", "x");
  fs::create_hard_link(folder.path() / "in/a", folder.path() / "in/b");
  const Packed packed(Items{{"SKILL.md", "x"}}, "a.tar");
  ASSERT_EQ(check_output({"tar", "-C", (folder.path() / "in").string(), "-cf",
                          packed.file().string(), "a", "b"}),
            "");
  EXPECT_THAT(packed.complaint(), HasSubstr("`b` is a hard link"));
}

TEST(Unpack, RefusesLinksThatLeaveAndMakesTheOthers) {
  for (const char* target : {"/etc/passwd", "../../x", "../.."})
    EXPECT_THAT(Packed(Items{{"a/b", target, AE_IFLNK}}).complaint(),
                HasSubstr("`a/b` is a link that leaves"));
  const Packed packed(Items{{"a/b", "../c", AE_IFLNK}, {"c", "text"}});
  EXPECT_EQ(read_file(packed.unpacked() / "a/b"), "text");
}

TEST(Unpack, WritesThroughNoLink) {
  EXPECT_THAT(Packed(Items{{"a", "c", AE_IFLNK}, {"a/x", "x"}}).complaint(),
              HasSubstr("`a` is there twice"));
}

TEST(Unpack, RefusesDevicesAndFifos) {
  EXPECT_THAT(Packed(Items{{"p", "", AE_IFIFO}}).complaint(), HasSubstr("`p` is a device, a FIFO"));
  EXPECT_THAT(Packed(Items{{"d", "", AE_IFCHR}}).complaint(), HasSubstr("`d` is a device"));
}

TEST(Unpack, RefusesTwoEntriesThatAreOneOnSomeFileSystem) {
  EXPECT_THAT(Packed(Items{{"a", "x"}, {"./a", "y"}}).complaint(), HasSubstr("`a` is there twice"));
  EXPECT_THAT(Packed(Items{{"skill.md", "x"}, {"SKILL.md", "y"}}).complaint(),
              HasSubstr("`SKILL.md` differs in case alone from `skill.md`"));
  EXPECT_THAT(Packed(Items{{"Ä/x", "x"}, {"ä/y", "y"}}).complaint(),
              HasSubstr("differs in case alone"));
}

TEST(Unpack, StopsAtABomb) {
  const std::string zeros(31'000'000, '\0');
  EXPECT_THAT(Packed(Items{{"zeros", zeros}}, "a.skill").complaint(),
              AllOf(HasSubstr("unpacked, at the entry `zeros`"), HasSubstr("may not be larger")));
  Items ten;
  for (char c = '0'; c <= '9'; ++c) ten.push_back({std::string(1, c), zeros});
  EXPECT_THAT(Packed(ten, "a.zip").complaint(),
              HasSubstr("has more than 256 MiB unpacked, at the entry `8`"));
}

TEST(Unpack, RefusesTooManyEntries) {
  Items many;
  for (int i = 0; i <= 20'000; ++i) many.push_back({std::to_string(i), ""});
  EXPECT_THAT(Packed(many, "a.tar").complaint(), HasSubstr("more than 20000 entries"));
}

TEST(Unpack, RefusesWhatIsNoArchiveOrCutOff) {
  const Packed packed(Items{{"SKILL.md", std::string(5000, 'x')}}, "a.zip");
  write_file(packed.file(), read_file(packed.file()).substr(0, 60));
  EXPECT_THAT(packed.complaint(), HasSubstr("cannot unpack "));
  write_file(packed.file(), "plain text");
  EXPECT_THAT(packed.complaint(), HasSubstr("cannot unpack "));
}

}  // namespace
}  // namespace skillaudit
