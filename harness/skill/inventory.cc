#include "harness/skill/inventory.h"

#include <fmt/core.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "harness/base/error.h"
#include "harness/base/hash.h"
#include "harness/base/text.h"
#include "harness/skill/links.h"

namespace skillaudit {
namespace fs = std::filesystem;
namespace {

const char* special_kind(mode_t mode) {
  if (S_ISSOCK(mode)) return "a socket";
  if (S_ISFIFO(mode)) return "a FIFO";
  return "a device";
}

std::string joined(const std::string& folder, const std::string& name) {
  return folder.empty() ? name : folder + "/" + name;
}

class Walk {
 public:
  Walk(const fs::path& root, const std::string& shown) : root_(root), shown_(shown) {}

  Inventory run() {
    std::vector<std::string> folders = {""};
    while (!folders.empty()) {
      const std::string folder = folders.back();
      folders.pop_back();
      for (const std::string& path : list(folder)) add(path, folders);
    }
    if (bytes_ > kMaximumSkillBytes)
      fail(ErrorKind::Skill,
           "the skill {} has {}, the limit is {}: remove files that it does not need (the largest "
           "is {} with {})",
           shown_, human_bytes(bytes_), human_bytes(kMaximumSkillBytes), printable(largest_),
           human_bytes(largest_bytes_));
    std::sort(inventory_.files.begin(), inventory_.files.end(),
              [](const SkillFile& a, const SkillFile& b) { return a.path < b.path; });
    std::sort(inventory_.notes.begin(), inventory_.notes.end());
    return std::move(inventory_);
  }

 private:
  std::vector<std::string> list(const std::string& folder) {
    std::vector<std::string> paths;
    std::error_code error;
    for (fs::directory_iterator entry(root_ / folder, error), end; !error && entry != end;
         entry.increment(error)) {
      if (++entries_ > kMaximumSkillFiles)
        fail(ErrorKind::Skill,
             "the skill {} has more than {} files: remove files that it does not need", shown_,
             kMaximumSkillFiles);
      paths.push_back(joined(folder, entry->path().filename().string()));
    }
    if (error)
      fail(ErrorKind::Skill,
           "cannot list the folder {}: {}: make it readable for the user who runs skillaudit, or "
           "remove it from the skill",
           name(folder), error.message());
    return paths;
  }

  void add(const std::string& path, std::vector<std::string>& folders) {
    struct stat info {};
    if (::lstat((root_ / path).c_str(), &info) != 0)
      fail(ErrorKind::Skill, "cannot access {}: {}: make its folder searchable, or remove it",
           name(path), errno_text(errno));
    if (S_ISDIR(info.st_mode)) {
      folders.push_back(path);
      return;
    }
    SkillFile file;
    file.path = path;
    file.mode = info.st_mode & 07777;
    if (S_ISLNK(info.st_mode)) {
      file.link_target = checked_target(path);
    } else if (S_ISREG(info.st_mode)) {
      file.size = static_cast<std::uint64_t>(info.st_size);
      bytes_ += file.size;
      if (file.size > largest_bytes_) {
        largest_bytes_ = file.size;
        largest_ = path;
      }
    } else {
      fail(ErrorKind::Skill,
           "{} is {}: a skill may contain only files, folders and links, so remove it", name(path),
           special_kind(info.st_mode));
    }
    inventory_.files.push_back(std::move(file));
  }

  std::string checked_target(const std::string& path) {
    std::error_code error;
    const std::string target = fs::read_symlink(root_ / path, error).string();
    if (error)
      fail(ErrorKind::Skill, "cannot read the link {}: {}: remove it from the skill", name(path),
           error.message());
    switch (follow_link(root_, path)) {
      case LinkEnd::Inside:
        break;
      case LinkEnd::Dangling:
        inventory_.notes.push_back(fmt::format("the link {} points to {}, which does not exist",
                                               printable(path), printable(target)));
        break;
      case LinkEnd::Outside:
        fail(ErrorKind::Skill,
             "the link {} points out of the skill, to {}: replace it with the file, or with a "
             "relative link to a file in the skill",
             name(path), printable(target));
      case LinkEnd::Loop:
        fail(ErrorKind::Skill, "the link {} is a loop, through {}: remove it", name(path),
             printable(target));
    }
    return target;
  }

  std::string name(const std::string& path) const {
    return path.empty() ? shown_ : shown_ + "/" + printable(path);
  }

  const fs::path& root_;
  const std::string& shown_;
  Inventory inventory_;
  std::size_t entries_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t largest_bytes_ = 0;
  std::string largest_;
};

}  // namespace

Inventory take_inventory(const fs::path& root, const std::string& shown) {
  return Walk(root, shown).run();
}

std::string digest_of(const std::vector<SkillFile>& files) {
  // NUL ends each field: no path or target can hold one, so no two lists give the same bytes.
  constexpr char kEnd = '\0';
  Sha256 hash;
  for (const SkillFile& file : files) {
    const bool is_link = !file.link_target.empty();
    hash.add(file.path + kEnd);
    hash.add(is_link ? "link" + (kEnd + file.link_target) + kEnd
                     : fmt::format("file {:04o} {}", file.mode, file.sha256) + kEnd);
  }
  return hash.finish();
}

}  // namespace skillaudit
