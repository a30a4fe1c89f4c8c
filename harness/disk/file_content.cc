#include "harness/disk/file_content.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include "harness/disk/block_map.h"
#include "harness/disk/inode.h"

namespace skillaudit {
namespace {

/// What a request gets next. Without a range: zeros.
struct Segment {
  std::uint32_t request = 0;
  bool zeros = false;
  std::uint64_t size = 0;
  std::uint64_t offset = 0;
};

/// Segments planned at a time, at the least; a file is never parted.
constexpr std::size_t kPlan = 1U << 14;

constexpr char kZeros[1U << 16] = {};

class ContentReader {
 public:
  ContentReader(GuestDisk& disk, std::span<const ContentRequest> requests,
                const ContentConsumer& consume, const ContentFailure& failure)
      : disk_(disk),
        requests_(requests),
        consume_(consume),
        failure_(failure),
        inodes_(requests.size()),
        failed_(requests.size()) {}

  void run() {
    read_inodes();
    for (std::uint32_t i = 0; i < requests_.size(); ++i) {
      plan(i);
      if (segments_.size() >= kPlan) deliver();
    }
    deliver();
  }

 private:
  void fail_request(std::size_t request, const std::string& why) {
    if (failed_[request]) return;
    failed_[request] = true;
    failure_(request, why);
  }

  void read_inodes() {
    ext2_filsys fs = disk_.fs();
    const std::uint32_t size = fs->super->s_inode_size;
    std::vector<std::pair<DiskRange, std::uint32_t>> places;
    for (std::uint32_t i = 0; i < requests_.size(); ++i) {
      const std::uint32_t index = requests_[i].inode - 1;  // 0 wraps, and is too large
      const dgrp_t group = index / fs->super->s_inodes_per_group;
      if (index >= fs->super->s_inodes_count) continue;
      const std::uint64_t at = ext2fs_inode_table_loc(fs, group) * fs->blocksize +
                               std::uint64_t{index % fs->super->s_inodes_per_group} * size;
      if (disk_.holds(at / fs->blocksize, 1)) places.push_back({{at, size}, i});
    }
    std::sort(places.begin(), places.end(),
              [](const auto& a, const auto& b) { return a.first.offset < b.first.offset; });
    // The same inode asked for twice is read twice: pieces must not overlap to be merged.
    std::vector<DiskRange> pieces;
    for (const auto& place : places) pieces.push_back(place.first);
    read_pieces(disk_.source(), pieces, [&](std::size_t i, std::span<char> bytes) {
      inodes_[places[i].second].assign(bytes.begin(), bytes.end());
    });
  }

  void plan(std::uint32_t request) {
    const std::string bytes = std::move(inodes_[request]);
    if (bytes.empty()) {
      fail_request(request, "its inode cannot be read");
      return;
    }
    const RawInode raw(bytes);
    const ext2_inode& inode = raw.base();
    const std::uint64_t size = requests_[request].size;
    if (!LINUX_S_ISREG(inode.i_mode) || raw.record(false).size < size) {
      fail_request(request, "its inode has changed");
      return;
    }
    if ((inode.i_flags & EXT4_ENCRYPT_FL) != 0) {
      fail_request(request, "its content is encrypted");
      return;
    }
    if ((inode.i_flags & EXT4_INLINE_DATA_FL) != 0) {
      deliver();
      deliver_inline(request, raw, size);
      return;
    }
    const std::uint64_t block = disk_.block_size();
    StepBudget budget{size / block * 2 + 4096};
    const BlockMap map =
        map_blocks(disk_, requests_[request].inode, inode, (size + block - 1) / block, budget);
    if (!map.problem.empty()) {
      fail_request(request, map.problem);
      return;
    }
    std::uint64_t done = 0;
    for (const Extent& extent : map.extents) {
      const std::uint64_t begin = extent.logical * block;
      const std::uint64_t length = std::min(extent.count * block, size - begin);
      if (begin > done) segments_.push_back({request, true, begin - done, 0});
      add_extent(request, extent, length);
      done = begin + length;
    }
    if (done < size) segments_.push_back({request, true, size - done, 0});
  }

  void add_extent(std::uint32_t request, const Extent& extent, std::uint64_t length) {
    if (extent.unwritten) {
      segments_.push_back({request, true, length, 0});
      return;
    }
    const std::uint64_t start = extent.physical * disk_.block_size();
    for (std::uint64_t at = 0; at < length; at += kMostAtOnce) {
      const std::uint64_t size = std::min<std::uint64_t>(kMostAtOnce, length - at);
      segments_.push_back({request, false, size, start + at});
    }
  }

  void deliver_inline(std::uint32_t request, const RawInode& raw, std::uint64_t size) {
    const auto rest = raw.inline_rest();
    const std::string content = std::string(raw.inline_head()) + std::string(rest.value_or(""));
    if (!rest || content.size() < size) {
      fail_request(request, "its inode does not hold its content");
    } else {
      consume_(request, std::string_view(content).substr(0, size));
    }
  }

  void deliver_zeros(const Segment& segment) {
    for (std::uint64_t left = segment.size; left > 0 && !failed_[segment.request];) {
      const std::size_t n = std::min<std::uint64_t>(left, sizeof kZeros);
      consume_(segment.request, {kZeros, n});
      left -= n;
    }
  }

  void deliver() {
    std::vector<DiskRange> pieces;
    for (const Segment& segment : segments_) {
      if (!segment.zeros) {
        pieces.push_back({segment.offset, static_cast<std::uint32_t>(segment.size)});
      }
    }
    std::size_t next = 0;
    const auto zeros = [&] {
      while (next < segments_.size() && segments_[next].zeros) deliver_zeros(segments_[next++]);
    };
    read_pieces(disk_.source(), pieces, [&](std::size_t, std::span<char> bytes) {
      zeros();
      const Segment& segment = segments_[next++];
      if (bytes.empty()) fail_request(segment.request, "a part of it cannot be read");
      if (!failed_[segment.request]) consume_(segment.request, {bytes.data(), bytes.size()});
    });
    zeros();
    segments_.clear();
  }

  GuestDisk& disk_;
  std::span<const ContentRequest> requests_;
  const ContentConsumer& consume_;
  const ContentFailure& failure_;
  std::vector<std::string> inodes_;
  std::vector<bool> failed_;
  std::vector<Segment> segments_;
};

}  // namespace

void read_contents(GuestDisk& disk, std::span<const ContentRequest> requests,
                   const ContentConsumer& consume, const ContentFailure& failure) {
  ContentReader(disk, requests, consume, failure).run();
}

}  // namespace skillaudit
