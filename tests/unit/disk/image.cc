#include "tests/unit/disk/image.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "harness/base/error.h"
#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/disk/inode.h"

namespace skillaudit {
namespace {

void walk_into(int parent, const std::string& prefix, std::vector<FileEntry>& found) {
  DIR* stream = ::fdopendir(parent);
  while (const dirent* item = ::readdir(stream)) {
    const std::string name = item->d_name;
    if (name == "." || name == "..") continue;
    struct stat status {};
    EXPECT_EQ(::fstatat(parent, name.c_str(), &status, AT_SYMLINK_NOFOLLOW), 0) << name;
    FileEntry entry;
    entry.path = prefix + "/" + name;
    entry.type = file_type(static_cast<std::uint16_t>(status.st_mode));
    entry.mode = status.st_mode & 07777;
    entry.uid = status.st_uid;
    entry.gid = status.st_gid;
    entry.size = S_ISDIR(status.st_mode) ? 0 : static_cast<std::uint64_t>(status.st_size);
    entry.mtime_ns = status.st_mtim.tv_sec * 1'000'000'000;
    if (S_ISLNK(status.st_mode)) {
      entry.link_target.resize(static_cast<std::size_t>(status.st_size));
      EXPECT_EQ(::readlinkat(parent, name.c_str(), entry.link_target.data(), entry.size),
                status.st_size);
    }
    found.push_back(entry);
    if (S_ISDIR(status.st_mode)) {
      const int child = ::openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
      walk_into(child, entry.path, found);
    }
  }
  ::closedir(stream);
}

std::string shown(const std::vector<FileEntry>& files, std::size_t i) {
  if (i >= files.size()) return "nothing";
  const FileEntry& file = files[i];
  return fmt::format("'{}' type {} mode {:o} {}:{} size {} mtime {} ctime {} -> '{}'",
                     printable(shorten(file.path, 300)), static_cast<int>(file.type), file.mode,
                     file.uid, file.gid, file.size, file.mtime_ns, file.ctime_ns,
                     printable(shorten(file.link_target, 300)));
}

}  // namespace

std::string difference(const std::vector<FileEntry>& is, const std::vector<FileEntry>& should) {
  for (std::size_t i = 0; i < std::max(is.size(), should.size()); ++i) {
    if (i >= is.size() || i >= should.size() || is[i] != should[i]) {
      return fmt::format("is     {}\nshould {}", shown(is, i), shown(should, i));
    }
  }
  return "";
}

void ImageMaker::file(const std::string& path, const std::string& content) {
  const auto whole = tree_ / path;
  std::filesystem::create_directories(whole.parent_path());
  std::ofstream(whole, std::ios::binary) << content;
}

void ImageMaker::make(const std::vector<std::string>& options, const std::string& size) {
  std::filesystem::create_directories(tree_);
  std::filesystem::remove(image_);
  std::vector<std::string> argv = {"mke2fs", "-q", "-F", "-t", "ext4", "-d", tree_.string()};
  argv.insert(argv.end(), options.begin(), options.end());
  argv.insert(argv.end(), {image_.string(), size});
  check_output(argv);
}

void ImageMaker::debugfs(const std::vector<std::string>& lines) const {
  CommandOptions options;
  for (const auto& line : lines) options.input += line + "\n";
  const CommandResult result = run_command({"debugfs", "-w", "-f", "-", image_.string()}, options);
  // The first line of its errors is its version.
  const std::size_t second = result.err.find('\n');
  if (result.exit_code != 0 ||
      result.err.substr(second + 1).find_first_not_of(" \n") != std::string::npos) {
    fail(ErrorKind::Internal, "debugfs failed: {}", result.err);
  }
}

std::string ImageMaker::ask(const std::string& line) const {
  return check_output({"debugfs", "-R", line, image_.string()});
}

GuestDisk ImageMaker::open() const {
  return GuestDisk(file_source(Fd(::open(image_.c_str(), O_RDONLY | O_CLOEXEC))));
}

DiskListing ImageMaker::list(const ListingOptions& options) const {
  GuestDisk disk = open();
  return list_files(disk, options);
}

void ImageMaker::poke(std::uint64_t offset, const std::string& bytes) const {
  const Fd fd(::open(image_.c_str(), O_WRONLY | O_CLOEXEC));
  ASSERT_EQ(::pwrite(fd.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset)),
            static_cast<ssize_t>(bytes.size()));
}

std::string ImageMaker::peek(std::uint64_t offset, std::size_t size) const {
  const Fd fd(::open(image_.c_str(), O_RDONLY | O_CLOEXEC));
  std::string bytes(size, '\0');
  EXPECT_EQ(::pread(fd.get(), bytes.data(), size, static_cast<off_t>(offset)),
            static_cast<ssize_t>(size));
  return bytes;
}

/// debugfs: "Inode 12 is part of block group 0\n\tlocated at block 38, offset 0x0b00"
std::uint64_t ImageMaker::inode_offset(const std::string& path) const {
  unsigned inode = 0, group = 0, offset = 0;
  unsigned long block = 0;
  const std::string text = ask("imap " + path);
  EXPECT_EQ(std::sscanf(text.c_str(),
                        "Inode %u is part of block group %u located at block %lu, offset %x",
                        &inode, &group, &block, &offset),
            4)
      << text;
  GuestDisk disk = open();
  return block * disk.block_size() + offset;
}

std::uint32_t ImageMaker::inode_of(const std::string& path) const {
  unsigned inode = 0;
  EXPECT_EQ(std::sscanf(ask("imap " + path).c_str(), "Inode %u", &inode), 1) << path;
  return inode;
}

std::vector<FileEntry> walk(const std::filesystem::path& tree) {
  std::vector<FileEntry> found;
  walk_into(::open(tree.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), "", found);
  std::sort(found.begin(), found.end(),
            [](const FileEntry& a, const FileEntry& b) { return a.path < b.path; });
  return found;
}

std::vector<FileEntry> comparable(std::vector<FileEntry> files) {
  std::erase_if(
      files, [](const FileEntry& file) { return file.path == "/" || file.path == "/lost+found"; });
  for (FileEntry& file : files) {
    if (file.type == FileType::Directory) file.size = 0;
    file.ctime_ns = 0;
  }
  return files;
}

const FileEntry& entry(const DiskListing& listing, const std::string& path) {
  for (const FileEntry& file : listing.files) {
    if (file.path == path) return file;
  }
  fail(ErrorKind::Internal, "{} is not listed", path);
}

}  // namespace skillaudit
