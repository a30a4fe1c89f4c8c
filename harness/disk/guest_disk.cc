#include "harness/disk/guest_disk.h"

#include <ext2fs/ext2fs.h>
#include <fmt/core.h>

#include <bit>
#include <cstring>
#include <mutex>

#include "harness/base/error.h"
#include "harness/disk/ext2_io.h"

namespace skillaudit {
namespace {

// The structures on the disk are little-endian, and are taken as they are.
static_assert(std::endian::native == std::endian::little);

/// Groups of blocks that a file system may have: 32 TiB of the usual 128 MiB. libext2fs reads the
/// descriptors of all of them before it checks any.
constexpr std::uint64_t kMostGroups = 1U << 18;

constexpr std::uint64_t kSuperblockAt = 1024;

[[noreturn]] void reject(const std::string& why) {
  fail(ErrorKind::Evidence,
       "the host cannot read the guest's disk: {}; the guest's own list of files is used", why);
}

/// What is there instead of a file system, as far as it shows.
std::string without_magic(std::span<const char> start) {
  const std::string_view bytes(start.data(), start.size());
  if (bytes.substr(512, 8) == "EFI PART" || bytes.substr(510, 2) == "\x55\xaa") {
    return "it has a partition table; only a disk with a single file system is supported";
  }
  return "it has no ext2, ext3 or ext4 file system";
}

/// libext2fs believes a superblock far enough to ask for gigabytes of descriptors.
ext2_super_block checked_superblock(Ext2Io& io, std::uint64_t disk_size) {
  std::vector<char> start(kSuperblockAt + sizeof(ext2_super_block));
  if (io.read(0, start) != 0) {
    io.rethrow();
    reject("it is too small, or its start cannot be read");
  }
  ext2_super_block super{};
  std::memcpy(&super, start.data() + kSuperblockAt, sizeof super);
  if (super.s_magic != EXT2_SUPER_MAGIC) reject(without_magic(start));
  const bool sane = super.s_log_block_size <= 6 && super.s_blocks_per_group != 0 &&
                    super.s_inodes_per_group != 0 && super.s_inodes_count != 0;
  if (!sane) reject("its superblock is damaged");
  const std::uint64_t groups = ext2fs_blocks_count(&super) / super.s_blocks_per_group + 1;
  if (groups > kMostGroups || groups * EXT2_MIN_DESC_SIZE > disk_size) {
    reject(fmt::format("its superblock claims {} groups of blocks", groups));
  }
  return super;
}

}  // namespace

struct GuestDisk::Impl {
  explicit Impl(std::unique_ptr<BlockSource> s) : source(std::move(s)), io(*source) {}
  ~Impl() {
    if (fs != nullptr) ext2fs_free(fs);
  }
  Impl(const Impl&) = delete;

  std::unique_ptr<BlockSource> source;
  Ext2Io io;
  ext2_filsys fs = nullptr;
  std::vector<Gap> gaps;
  std::uint32_t lent_number = 0;
  const ext2_inode* lent = nullptr;
};

GuestDisk::GuestDisk(std::unique_ptr<BlockSource> source)
    : impl_(std::make_unique<Impl>(std::move(source))) {
  Impl& impl = *impl_;
  static std::once_flag messages;  // of error_message()
  std::call_once(messages, initialize_ext2_error_table);
  ext2_super_block super = checked_superblock(impl.io, impl.source->size());
  const int flags = EXT2_FLAG_64BITS | EXT2_FLAG_SKIP_MMP;
  const auto open = [&](int more) {
    const Ext2Io::Opening opening(impl.io);
    return ext2fs_open2("guest", nullptr, flags | more, 0, 0, Ext2Io::manager(), &impl.fs);
  };
  errcode_t error = open(0);
  if (error == EXT2_ET_SB_CSUM_INVALID) {
    impl.gaps.push_back(
        Gap::lost(GapSource::Disk, "the superblock of the guest's disk has a wrong checksum"));
    error = open(EXT2_FLAG_IGNORE_CSUM_ERRORS);
  }
  impl.io.rethrow();
  if (error != 0) {
    impl.fs = nullptr;
    reject(fmt::format("libext2fs reports '{}'", error_message(error)));
  }
  impl.fs->priv_data = &impl;
  impl.fs->read_inode = [](ext2_filsys fs, ext2_ino_t number, ext2_inode* inode) -> errcode_t {
    const Impl& self = *static_cast<const Impl*>(fs->priv_data);
    if (self.lent == nullptr || self.lent_number != number) return EXT2_ET_CALLBACK_NOTHANDLED;
    *inode = *self.lent;
    return 0;
  };
  if (ext2fs_has_feature_journal_needs_recovery(impl.fs->super)) {
    impl.gaps.push_back(
        Gap::lost(GapSource::Disk,
                  "the journal of the guest's disk was not written back (it was not frozen before "
                  "reading): the list may lack the last changes"));
  }
  if (ext2fs_blocks_count(&super) * impl.fs->blocksize > impl.source->size()) {
    impl.gaps.push_back(
        Gap::lost(GapSource::Disk, "the guest's disk ends before its file system does"));
  }
}

GuestDisk::~GuestDisk() = default;
GuestDisk::GuestDisk(GuestDisk&&) noexcept = default;

const std::vector<Gap>& GuestDisk::gaps() const { return impl_->gaps; }
struct_ext2_filsys* GuestDisk::fs() const { return impl_->fs; }
BlockSource& GuestDisk::source() const { return *impl_->source; }
std::uint32_t GuestDisk::block_size() const { return impl_->fs->blocksize; }
void GuestDisk::rethrow() const { impl_->io.rethrow(); }

bool GuestDisk::holds(std::uint64_t first, std::uint64_t count) const {
  const std::uint64_t end = ext2fs_blocks_count(impl_->fs->super);
  return first > impl_->fs->super->s_first_data_block && first < end && count <= end - first;
}

void GuestDisk::lend(std::uint32_t number, const ext2_inode* inode) {
  impl_->lent_number = number;
  impl_->lent = inode;
}

}  // namespace skillaudit
