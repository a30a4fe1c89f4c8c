#include "bench/disk_image.h"

#include <ext2fs/ext2fs.h>
#include <fmt/core.h>

#include <cstring>

#include "harness/base/error.h"
#include "harness/base/process.h"

namespace skillaudit {
namespace {

constexpr std::uint32_t kInFolder = 50;

void check(errcode_t error, const char* what) {
  if (error != 0) {
    fail(ErrorKind::Environment, "cannot make the image: {}: {}", what, error_message(error));
  }
}

class Maker {
 public:
  explicit Maker(ext2_filsys fs) : fs_(fs) {}

  void run(std::uint32_t inodes) {
    const std::uint32_t leaves = inodes / (kInFolder + 1) + 1;
    std::uint32_t made = 0;
    ext2_ino_t top = 0, middle = 0;
    for (std::uint32_t i = 0; i < leaves && made < inodes; ++i) {
      if (i % 1000 == 0) top = folder(EXT2_ROOT_INO, fmt::format("section-{}", i / 1000), made);
      if (i % 40 == 0) middle = folder(top, fmt::format("package-{}", i / 40), made);
      const ext2_ino_t leaf = folder(middle, fmt::format("module-{}.d", i), made);
      for (std::uint32_t k = 0; k < kInFolder && made < inodes; ++k) file(leaf, made++);
    }
  }

 private:
  ext2_ino_t folder(ext2_ino_t parent, const std::string& name, std::uint32_t& made) {
    ext2_ino_t number = 0;
    check(ext2fs_new_inode(fs_, parent, LINUX_S_IFDIR | 0755, nullptr, &number), "new inode");
    check(ext2fs_mkdir(fs_, parent, number, nullptr), "mkdir");
    link(parent, name, number, EXT2_FT_DIR);
    ++made;
    return number;
  }

  void link(ext2_ino_t parent, const std::string& name, ext2_ino_t number, int type) {
    errcode_t error = ext2fs_link(fs_, parent, name.c_str(), number, type);
    if (error == EXT2_ET_DIR_NO_SPACE) {
      check(ext2fs_expand_dir(fs_, parent), "expand a directory");
      error = ext2fs_link(fs_, parent, name.c_str(), number, type);
    }
    check(error, "link");
  }

  void file(ext2_ino_t parent, std::uint32_t i) {
    ext2_ino_t number = 0;
    check(ext2fs_new_inode(fs_, parent, LINUX_S_IFREG | 0644, nullptr, &number), "new inode");
    ext2_inode_large inode{};
    auto* base = reinterpret_cast<ext2_inode*>(&inode);
    inode.i_extra_isize = sizeof inode - EXT2_GOOD_OLD_INODE_SIZE;
    inode.i_links_count = 1;
    inode.i_mtime = inode.i_ctime = inode.i_atime = 1'700'000'000 + i;
    inode.i_mtime_extra = (i * 997U % 1'000'000'000U) << 2;
    const bool symlink = i % 20 == 0;
    if (symlink) {
      const std::string target = fmt::format("../lib/file-{:07}.so", i + 1);
      inode.i_mode = LINUX_S_IFLNK | 0777;
      inode.i_size = static_cast<std::uint32_t>(target.size());
      std::memcpy(inode.i_block, target.data(), target.size());
    } else {
      inode.i_mode = LINUX_S_IFREG | 0644;
      inode.i_size = i * 13 % 100'000;
      inode.i_flags = EXT4_EXTENTS_FL;
      ext2_extent_handle_t handle = nullptr;
      check(ext2fs_extent_open2(fs_, number, base, &handle), "extents");
      ext2fs_extent_free(handle);
    }
    ext2fs_inode_alloc_stats2(fs_, number, 1, 0);
    check(ext2fs_write_inode_full(fs_, number, base, sizeof inode), "write inode");
    link(parent, fmt::format("file-{:07}.so", i), number,
         symlink ? EXT2_FT_SYMLINK : EXT2_FT_REG_FILE);
  }

  ext2_filsys fs_;
};

}  // namespace

void make_disk_image(const std::filesystem::path& image, std::uint32_t inodes) {
  initialize_ext2_error_table();
  const std::uint64_t megabytes = 64 + std::uint64_t{inodes} * 512 / (1 << 20);
  // As the images of harness/providers/qemu are made.
  check_output({"mke2fs", "-q", "-F", "-t", "ext4", "-b", "4096", "-O", "^has_journal", "-E",
                "lazy_itable_init=0", "-N", std::to_string(inodes + inodes / 10 + 1000),
                image.string(), fmt::format("{}M", megabytes)},
               {.timeout = std::chrono::minutes(5)});
  ext2_filsys fs = nullptr;
  check(ext2fs_open2(image.c_str(), nullptr, EXT2_FLAG_RW | EXT2_FLAG_64BITS, 0, 0, unix_io_manager,
                     &fs),
        "open");
  check(ext2fs_read_bitmaps(fs), "bitmaps");
  Maker(fs).run(inodes);
  check(ext2fs_close_free(&fs), "close");
}

}  // namespace skillaudit
