#include "harness/rules/team_rules.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "harness/base/error.h"
#include "harness/base/fd.h"
#include "harness/base/file.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLargestFile = 1 << 20;
constexpr std::size_t kMostFiles = 100;

std::string shown(const fs::path& path) { return printable(path.string()); }

fs::path real_path(const fs::path& path) {
  std::error_code problem;
  fs::path real = fs::canonical(path, problem);
  if (problem) fail(ErrorKind::Usage, "cannot read {}: {}", shown(path), problem.message());
  return real;
}

/// Opened before it is looked at, so that it cannot become something else in between, and without
/// waiting for the other end of a pipe.
std::string text_of(const fs::path& path) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!fd) fail(ErrorKind::Usage, "cannot read {}: {}", shown(path), errno_text(errno));
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0 || !S_ISREG(info.st_mode))
    fail(ErrorKind::Usage, "{} is not a file: a folder of rules has files alone", shown(path));
  if (static_cast<std::uint64_t>(info.st_size) > kLargestFile)
    fail(ErrorKind::Usage, "{} is larger than {}: split it", shown(path),
         human_bytes(kLargestFile));
  return read_file("/proc/self/fd/" + std::to_string(fd.get()), kLargestFile);
}

RuleFile rule_file(const fs::path& path, const fs::path& folder) {
  const fs::path real = real_path(path);
  // Whoever can put a link into the folder must not have its errors quote another file.
  if (real.parent_path() != folder && !real.string().starts_with(folder.string() + "/"))
    fail(ErrorKind::Usage, "{} is a link that leads out of the folder: put a copy there",
         shown(path));
  return {shown(path), text_of(real)};
}

}  // namespace

std::vector<RuleFile> team_rule_files(const fs::path& folder) {
  std::error_code problem;
  if (!fs::is_directory(folder, problem))
    fail(ErrorKind::Usage, "there is no folder {}: --rules needs a folder with files of rules",
         shown(folder));
  std::vector<fs::path> paths;
  for (fs::directory_iterator at(folder, problem), end; !problem && at != end;
       at.increment(problem)) {
    const fs::path& path = at->path();
    if (path.extension() == ".yml")
      fail(ErrorKind::Usage, "{} is not read: rename it to {}.yaml", shown(path),
           printable(path.stem().string()));
    if (path.extension() == ".yaml") paths.push_back(path);
    if (paths.size() > kMostFiles)
      fail(ErrorKind::Usage, "the folder {} has more than {} files of rules: join some",
           shown(folder), kMostFiles);
  }
  if (problem)
    fail(ErrorKind::Usage, "cannot read the folder {}: {}", shown(folder), problem.message());
  if (paths.empty())
    fail(ErrorKind::Usage, "the folder {} has no file of rules: their names end in .yaml",
         shown(folder));
  std::sort(paths.begin(), paths.end());
  const fs::path real = real_path(folder);
  std::vector<RuleFile> files;
  for (const fs::path& path : paths) files.push_back(rule_file(path, real));
  return files;
}

Rubric rubric_with(const fs::path& folder) {
  return load_rubric(shipped_rubric_file(), shipped_rule_files(),
                     folder.empty() ? std::vector<RuleFile>{} : team_rule_files(folder));
}

}  // namespace skillaudit
