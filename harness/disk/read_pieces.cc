#include "harness/disk/block_source.h"

namespace skillaudit {
namespace {

/// Bytes between two pieces that are rather read and thrown away than parted into two requests.
constexpr std::uint64_t kBridge = 32U << 10;

/// Requests planned at a time: bounds the plan's memory, not the reading.
constexpr std::size_t kBatch = 1024;

struct Merged {
  std::size_t first = 0;  ///< of the pieces
  std::size_t count = 0;
};

bool joins(const DiskRange& request, const DiskRange& piece) {
  const std::uint64_t end = request.offset + request.size;
  return piece.offset >= end && piece.offset - end <= kBridge &&
         piece.offset + piece.size - request.offset <= kMostAtOnce;
}

}  // namespace

void read_pieces(BlockSource& source, std::span<const DiskRange> pieces,
                 const RangeConsumer& consume) {
  std::vector<DiskRange> requests;
  std::vector<Merged> merged;
  std::vector<std::size_t> failed;
  for (std::size_t next = 0; next < pieces.size();) {
    requests.clear();
    merged.clear();
    while (next < pieces.size() && requests.size() < kBatch) {
      requests.push_back(pieces[next]);
      merged.push_back({next++, 1});
      while (next < pieces.size() && joins(requests.back(), pieces[next])) {
        requests.back().size = static_cast<std::uint32_t>(pieces[next].offset + pieces[next].size -
                                                          requests.back().offset);
        ++merged.back().count;
        ++next;
      }
    }
    // The order of the pieces is part of the promise: what follows a failed request waits for it.
    std::size_t done = 0;
    while (done < requests.size()) {
      std::size_t stopped = requests.size();
      struct Stop {};
      try {
        source.read(std::span(requests).subspan(done), [&](std::size_t i, std::span<char> bytes) {
          const Merged& group = merged[done + i];
          if (bytes.empty() && group.count > 1) {
            stopped = done + i;
            throw Stop{};
          }
          for (std::size_t k = group.first; k < group.first + group.count; ++k) {
            consume(k, bytes.empty() ? bytes
                                     : bytes.subspan(pieces[k].offset - requests[done + i].offset,
                                                     pieces[k].size));
          }
        });
      } catch (const Stop&) {
        const Merged& group = merged[stopped];
        source.read(pieces.subspan(group.first, group.count),
                    [&](std::size_t k, std::span<char> bytes) { consume(group.first + k, bytes); });
      }
      done = stopped + 1;
    }
  }
}

}  // namespace skillaudit
