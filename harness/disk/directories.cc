#include "harness/disk/directories.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/disk/directory_block.h"

namespace skillaudit {
namespace {

/// Bytes of names that an arena's 32 bits can tell apart, less what its blocks waste.
constexpr std::uint64_t kMostNameBytes = 3ULL << 30;

struct Place {
  std::uint64_t physical = 0;
  std::uint32_t directory = 0;
  std::uint32_t generation = 0;
};

class Reader {
 public:
  Reader(GuestDisk& disk, InodeTable& table, std::uint64_t most, StepBudget& budget, Gaps& gaps)
      : disk_(disk),
        table_(table),
        most_(most),
        budget_(budget),
        gaps_(gaps),
        checksums_(ext2fs_has_feature_metadata_csum(disk.fs()->super) != 0) {}

  Names read() {
    for (const auto& pending : table_.directories) result_.directories.push_back(pending.record);
    for (const auto& pending : table_.inline_directories) {
      result_.directories.push_back(pending.record);
    }
    std::sort(result_.directories.begin(), result_.directories.end());
    result_.names.reserve(table_.records.size());
    for (const InlineContent& content : table_.inline_directories) take_inline(content);
    const std::vector<Place> places = find_blocks();
    table_.directories = {};
    table_.inline_directories = {};
    read_blocks(places);
    group();
    return std::move(result_);
  }

 private:
  [[nodiscard]] std::uint32_t number(std::uint32_t directory) const {
    return table_.numbers[result_.directories[directory]];
  }

  std::vector<Place> find_blocks() {
    std::vector<Place> places;
    const std::uint32_t size = disk_.block_size();
    // Every block can be of one directory alone.
    const std::uint64_t most = ext2fs_blocks_count(disk_.fs()->super);
    for (const PendingInode& pending : table_.directories) {
      const std::uint64_t bytes = table_.records[pending.record].size;
      const std::uint64_t blocks = bytes / size + (bytes % size != 0);
      const std::uint32_t directory = result_.directory_of(pending.record);
      const BlockMap map = map_blocks(disk_, number(directory), pending.inode, blocks, budget_);
      std::uint64_t mapped = 0;
      for (const Extent& extent : map.extents) {
        if (extent.unwritten) continue;
        mapped += extent.count;
        if (places.size() + extent.count > most) {
          gaps_.add("the directories of the guest's disk are larger than the disk");
          return sorted(std::move(places));
        }
        for (std::uint64_t i = 0; i < extent.count; ++i) {
          places.push_back({extent.physical + i, directory, pending.inode.i_generation});
        }
      }
      if (mapped != blocks) {
        gaps_.add("{} of {} blocks of directory inode {} are nowhere{}{}", blocks - mapped, blocks,
                  number(directory), map.problem.empty() ? "" : ": ", map.problem);
      }
    }
    return sorted(std::move(places));
  }

  std::vector<Place> sorted(std::vector<Place> places) {
    std::sort(places.begin(), places.end(),
              [](const Place& a, const Place& b) { return a.physical < b.physical; });
    const auto same = [&](const Place& a, const Place& b) {
      if (a.physical != b.physical) return false;
      gaps_.add("directory inodes {} and {} share block {}", number(a.directory),
                number(b.directory), a.physical);
      return true;
    };
    places.erase(std::unique(places.begin(), places.end(), same), places.end());
    return places;
  }

  void read_blocks(const std::vector<Place>& places) {
    const std::uint32_t size = disk_.block_size();
    // Planned in parts, so that a plan does not double what the places take.
    constexpr std::size_t kPart = 1U << 16;
    std::vector<DiskRange> pieces;
    for (std::size_t done = 0; done < places.size(); done += kPart) {
      const std::size_t end = std::min(places.size(), done + kPart);
      pieces.clear();
      for (std::size_t i = done; i < end; ++i) pieces.push_back({places[i].physical * size, size});
      read_pieces(disk_.source(), pieces, [&](std::size_t i, std::span<char> block) {
        take_block(places[done + i], block);
      });
    }
  }

  void take_block(const Place& place, std::span<char> block) {
    if (block.empty()) {
      gaps_.add("block {} of directory inode {} cannot be read", place.physical,
                number(place.directory));
      return;
    }
    if (checksums_) {
      ext2_inode inode{};
      inode.i_generation = place.generation;
      disk_.lend(number(place.directory), &inode);
      const bool right =
          ext2fs_dir_block_csum_verify(disk_.fs(), number(place.directory),
                                       reinterpret_cast<ext2_dir_entry*>(block.data())) != 0;
      disk_.lend(0, nullptr);
      if (!right) {
        gaps_.add("block {} of directory inode {} has a wrong checksum", place.physical,
                  number(place.directory));
      }
    }
    take_entries(place.directory, {block.data(), block.size()});
  }

  /// The parent's number, entries beside the block map, and entries in the attribute.
  void take_inline(const InlineContent& content) {
    const std::uint32_t directory = result_.directory_of(content.record);
    constexpr std::size_t kParent = 4;
    constexpr std::size_t kHead = sizeof(ext2_inode::i_block);
    const std::string_view bytes = content.content;
    take_entries(directory, bytes.substr(kParent, kHead - kParent));
    take_entries(directory, bytes.substr(kHead));
  }

  void take_entries(std::uint32_t directory, std::string_view bytes) {
    DirectoryBlock block(bytes);
    while (block.next()) take_entry(directory, block.inode(), block.name());
    if (block.damaged()) {
      gaps_.add("a block of directory inode {} is damaged: what follows in it is not listed",
                number(directory));
    }
  }

  void take_entry(std::uint32_t directory, std::uint32_t inode, std::string_view name) {
    if (name == "." || name == "..") return;
    const bool odd = name.empty() || name.find('/') != std::string_view::npos ||
                     name.find('\0') != std::string_view::npos;
    if (odd) {
      gaps_.add("directory inode {} holds the impossible name '{}'", number(directory),
                printable(name));
      return;
    }
    const auto record = table_.bitmap.rank(inode);
    if (!record || (inode < EXT2_FIRST_INODE(disk_.fs()->super) && inode != EXT2_ROOT_INO)) {
      gaps_.add("the name '{}' in directory inode {} leads to inode {}, which is not in use",
                printable(name), number(directory), inode);
      return;
    }
    name_bytes_ += 1 + name.size();
    if (result_.names.size() >= most_ || name_bytes_ > kMostNameBytes) {
      fail(ErrorKind::Evidence, "the guest's disk holds more than {} names; no more are listed",
           result_.names.size());
    }
    ++table_.records[*record].names;
    result_.names.push_back({directory, *record, result_.arena.add(name)});
  }

  /// Counting sort by directory.
  void group() {
    auto& begin = result_.begin;
    begin.assign(result_.directories.size() + 1, 0);
    for (const Name& name : result_.names) ++begin[name.directory + 1];
    for (std::size_t i = 1; i < begin.size(); ++i) begin[i] += begin[i - 1];
    std::vector<Name> grouped(result_.names.size());
    std::vector<std::uint32_t> next = begin;
    for (const Name& name : result_.names) grouped[next[name.directory]++] = name;
    result_.names = std::move(grouped);
  }

  GuestDisk& disk_;
  InodeTable& table_;
  std::uint64_t most_;
  StepBudget& budget_;
  Gaps& gaps_;
  bool checksums_;
  std::uint64_t name_bytes_ = 0;
  Names result_;
};

}  // namespace

std::uint32_t Names::directory_of(std::uint32_t record) const {
  const auto at = std::lower_bound(directories.begin(), directories.end(), record);
  return static_cast<std::uint32_t>(at - directories.begin());
}

Names read_directories(GuestDisk& disk, InodeTable& table, std::uint64_t most, StepBudget& budget,
                       Gaps& gaps) {
  return Reader(disk, table, most, budget, gaps).read();
}

}  // namespace skillaudit
