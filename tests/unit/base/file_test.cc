#include "harness/base/file.h"

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/temp_dir.h"
#include "tests/paths.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

template <typename Call>
std::string error_of(Call call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Environment);
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

mode_t mode_of(const fs::path& path) {
  struct stat info {};
  EXPECT_EQ(::stat(path.c_str(), &info), 0);
  return info.st_mode & 07777;
}

/// Writes beyond `bytes` fail with EFBIG while this lives: a full disk that needs no privilege.
class SmallDisk {
 public:
  explicit SmallDisk(rlim_t bytes) : handler_(::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &previous_);
    const rlimit small{bytes, previous_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  ~SmallDisk() {
    ::setrlimit(RLIMIT_FSIZE, &previous_);
    ::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit previous_{};
  sighandler_t handler_;
};

TEST(ReadFile, GivesEveryByte) {
  const TempDir dir;
  std::string bytes;
  for (int i = 0; i < 70000; ++i) bytes += static_cast<char>(i);
  write_file(dir.path() / "f", bytes);
  EXPECT_EQ(read_file(dir.path() / "f"), bytes);
}

TEST(ReadFile, ReadsFilesThatClaimNoSize) {
  EXPECT_THAT(read_file("/proc/self/status"), HasSubstr("Pid:"));
}

TEST(ReadFile, NamesAFileThatIsMissing) {
  EXPECT_EQ(error_of([] { (void)read_file("/no/such/file"); }),
            "cannot read /no/such/file: No such file or directory");
}

TEST(ReadFile, RefusesAFolder) {
  EXPECT_EQ(error_of([] { (void)read_file("/usr"); }), "cannot read /usr: it is not a file");
}

TEST(ReadFile, AcceptsTheLimitAndRefusesOneByteMore) {
  const TempDir dir;
  write_file(dir.path() / "f", "12345");
  EXPECT_EQ(read_file(dir.path() / "f", 5), "12345");
  EXPECT_THAT(error_of([&] { (void)read_file(dir.path() / "f", 4); }),
              HasSubstr("larger than 4 bytes"));
}

TEST(ReadFile, RefusesAHugeSparseFileWithoutReservingMemoryForIt) {
  const TempDir dir;
  write_file(dir.path() / "f", "");
  fs::resize_file(dir.path() / "f", 1ULL << 43);
  EXPECT_THAT(error_of([&] { (void)read_file(dir.path() / "f"); }),
              HasSubstr("larger than 4294967296 bytes"));
}

TEST(WriteFile, ReplacesTheFileAndLeavesNothingElse) {
  const TempDir dir;
  write_file(dir.path() / "f", "old and longer");
  write_file(dir.path() / "f", "new", 0600);
  EXPECT_EQ(read_file(dir.path() / "f"), "new");
  EXPECT_EQ(mode_of(dir.path() / "f"), 0600U);
  EXPECT_THAT(names_in(dir.path()), ElementsAre("f"));
}

TEST(WriteFile, GivesTheModeWhateverTheUmask) {
  const TempDir dir;
  const mode_t previous = ::umask(077);
  write_file(dir.path() / "f", "", 0755);
  ::umask(previous);
  EXPECT_EQ(mode_of(dir.path() / "f"), 0755U);
}

TEST(WriteFile, NeverShowsAReaderHalfAFile) {
  const TempDir dir;
  const fs::path file = dir.path() / "f";
  const std::string first(1 << 20, 'a');
  const std::string second(1 << 20, 'b');
  write_file(file, first);
  const pid_t writer = ::fork();
  ASSERT_GE(writer, 0);
  if (writer == 0) {
    for (int i = 0; i < 40; ++i) write_file(file, i % 2 ? first : second);
    ::_exit(0);
  }
  int status = 0;
  int looks = 0;
  for (; ::waitpid(writer, &status, WNOHANG) == 0; ++looks) {
    const std::string seen = read_file(file);
    ASSERT_TRUE(seen == first || seen == second) << "a torn file of " << seen.size() << " bytes";
  }
  EXPECT_EQ(status, 0);
  EXPECT_GT(looks, 0);
}

TEST(WriteFile, KeepsTheOldFileWhenTheDiskIsFull) {
  const TempDir dir;
  write_file(dir.path() / "f", "old");
  {
    const SmallDisk small(1000);
    EXPECT_EQ(error_of([&] { write_file(dir.path() / "f", std::string(5000, 'x')); }),
              "cannot write " + (dir.path() / "f").string() + ": File too large");
  }
  EXPECT_EQ(read_file(dir.path() / "f"), "old");
  EXPECT_THAT(names_in(dir.path()), ElementsAre("f")) << "the temporary file stayed behind";
}

TEST(WriteFile, NamesAFolderThatIsMissing) {
  EXPECT_EQ(error_of([] { write_file("/no/such/folder/f", ""); }),
            "cannot write /no/such/folder/f: No such file or directory");
}

TEST(WriteFile, DoesNotReplaceAFolder) {
  const TempDir dir;
  fs::create_directory(dir.path() / "f");
  EXPECT_THAT(error_of([&] { write_file(dir.path() / "f", "x"); }), HasSubstr("cannot write"));
  EXPECT_THAT(names_in(dir.path()), ElementsAre("f"));
}

TEST(FreeBytes, MeasuresTheNearestExistingParent) {
  const TempDir dir;
  EXPECT_GT(free_bytes(dir.path()), 0U);
  EXPECT_GT(free_bytes(dir.path() / "not" / "yet"), 0U);
}

TEST(CacheDir, StandsUnderXdgCacheHomeAndIsPrivate) {
  const TempDir dir;
  const char* previous = std::getenv("XDG_CACHE_HOME");
  const std::string kept = previous ? previous : "";
  ::setenv("XDG_CACHE_HOME", (dir.path() / "deep" / "cache").c_str(), 1);
  const fs::path cache = cache_dir();
  if (previous) {
    ::setenv("XDG_CACHE_HOME", kept.c_str(), 1);
  } else {
    ::unsetenv("XDG_CACHE_HOME");
  }
  EXPECT_EQ(cache, dir.path() / "deep" / "cache" / "skillaudit");
  EXPECT_EQ(mode_of(cache), 0700U);
}

TEST(Resource, IsFoundInTheSources) {
  EXPECT_EQ(resource("harness/base/version.h.in"),
            fs::path(SKILLAUDIT_SOURCE_DIR) / "harness/base/version.h.in");
}

TEST(Resource, SaysWhatIsMissing) {
  EXPECT_THAT(error_of([] { (void)resource("no/such.file"); }), HasSubstr("no/such.file"));
}

TEST(TempDirTest, IsPrivateAndVanishesWithAllItHolds) {
  fs::path path;
  const TempDir outside;
  write_file(outside.path() / "stays", "");
  {
    const TempDir dir;
    path = dir.path();
    EXPECT_EQ(mode_of(path), 0700U);
    fs::create_directories(path / "a" / "b");
    write_file(path / "a" / "b" / "f", "x");
    fs::create_directory_symlink(outside.path(), path / "link");
  }
  EXPECT_FALSE(fs::exists(path));
  EXPECT_TRUE(fs::exists(outside.path() / "stays")) << "a symlink was followed";
}

TEST(TempDirTest, RemovesFoldersThatEvenTheirOwnerMayNotWriteTo) {
  const TempDir parent;
  fs::permissions(parent.path(), fs::perms::all);
  // Modes bind nobody who is root: the child is an ordinary user.
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) ::_exit(2);
    fs::path path;
    {
      const TempDir dir(parent.path());
      path = dir.path();
      fs::create_directories(path / "locked" / "inner");
      write_file(path / "locked" / "inner" / "f", "x");
      fs::permissions(path / "locked" / "inner", fs::perms::none);
      fs::permissions(path / "locked", fs::perms::owner_read);
    }
    ::_exit(fs::exists(path) ? 1 : 0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST(TempDirTest, MovingHandsTheFolderOver) {
  TempDir first;
  const fs::path path = first.path();
  {
    const TempDir second(std::move(first));
    EXPECT_EQ(second.path(), path);
    EXPECT_TRUE(fs::exists(path));
  }
  EXPECT_FALSE(fs::exists(path));
}

TEST(TempDirTest, StaysAbsoluteThoughItsParentWasNot) {
  const TempDir parent;
  const TempDir dir(fs::relative(parent.path()));
  EXPECT_TRUE(dir.path().is_absolute());
}

TEST(TempDirTest, NamesAParentThatIsMissing) {
  EXPECT_THAT(error_of([] { const TempDir dir("/no/such/folder"); }), HasSubstr("/no/such/folder"));
}

}  // namespace
}  // namespace skillaudit
