#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/temp_dir.h"
#include "harness/disk/guest_disk.h"
#include "harness/disk/list_files.h"

namespace skillaudit {

/// A folder and the images made of it. Needs no privilege.
class ImageMaker {
 public:
  /// The folder that becomes the root of the image.
  [[nodiscard]] const std::filesystem::path& tree() const { return tree_; }
  [[nodiscard]] const std::filesystem::path& image() const { return image_; }
  /// Creates a file in the tree, and its folders.
  void file(const std::string& path, const std::string& content = "");
  /// mke2fs -t ext4 -d TREE with more options.
  void make(const std::vector<std::string>& options = {}, const std::string& size = "32M");
  /// Runs lines of debugfs on the image, writable. Throws when one fails.
  void debugfs(const std::vector<std::string>& lines) const;
  /// What one line of debugfs prints.
  [[nodiscard]] std::string ask(const std::string& line) const;
  [[nodiscard]] GuestDisk open() const;
  [[nodiscard]] DiskListing list(const ListingOptions& options = {}) const;
  /// Replaces bytes of the image.
  void poke(std::uint64_t offset, const std::string& bytes) const;
  [[nodiscard]] std::string peek(std::uint64_t offset, std::size_t size) const;
  /// The place of an inode in the image, in bytes.
  [[nodiscard]] std::uint64_t inode_offset(const std::string& path) const;
  [[nodiscard]] std::uint32_t inode_of(const std::string& path) const;

 private:
  TempDir folder_;
  std::filesystem::path tree_ = folder_.path() / "tree";
  std::filesystem::path image_ = folder_.path() / "disk.img";
};

/// The tree as lstat shows it, with paths as in the image; without what mke2fs does not copy
/// (directory sizes, ctime, fractions of seconds) and without the root. Sorted by path.
[[nodiscard]] std::vector<FileEntry> walk(const std::filesystem::path& tree);

/// A listing reduced to what walk() has, without /lost+found.
[[nodiscard]] std::vector<FileEntry> comparable(std::vector<FileEntry> files);

/// The first entry in which two lists differ, on both sides; empty when they are equal.
[[nodiscard]] std::string difference(const std::vector<FileEntry>& is,
                                     const std::vector<FileEntry>& should);

[[nodiscard]] const FileEntry& entry(const DiskListing& listing, const std::string& path);

}  // namespace skillaudit
