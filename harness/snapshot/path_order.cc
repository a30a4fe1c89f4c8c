#include "harness/snapshot/path_order.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>
#include <tuple>

namespace skillaudit {
namespace {

constexpr std::size_t kWindow = 7;

struct Key {
  std::uint64_t window = 0;  ///< seven bytes of the path, then how many of them it really has
  std::uint32_t position = 0;
};

/// Compares as the bytes from `depth` on do; paths that end within the window come before those
/// that go on with NUL bytes.
std::uint64_t window_of(std::string_view path, std::size_t depth) {
  unsigned char bytes[8] = {};
  const std::size_t count = path.size() > depth ? std::min(path.size() - depth, kWindow) : 0;
  if (count > 0) std::memcpy(bytes, path.data() + depth, count);
  bytes[kWindow] = static_cast<unsigned char>(count);
  std::uint64_t window = 0;
  for (const unsigned char byte : bytes) window = window << 8 | byte;
  return window;
}

bool ends_within(std::uint64_t window) { return (window & 0xff) < kWindow; }

/// How many bytes from `depth` on all paths have in common.
std::size_t common_length(const std::vector<std::string_view>& paths, const Key* first,
                          const Key* last, std::size_t depth) {
  const std::string_view sample = paths[first->position].substr(depth);
  std::size_t common = sample.size();
  for (const Key* key = first + 1; key != last && common > 0; ++key) {
    const std::string_view path = paths[key->position].substr(depth);
    if (path.size() >= common && std::memcmp(path.data(), sample.data(), common) == 0) continue;
    const std::size_t most = std::min(common, path.size());
    common = 0;
    while (common < most && path[common] == sample[common]) ++common;
  }
  return common;
}

struct Range {
  std::size_t first = 0;
  std::size_t last = 0;
  std::size_t depth = 0;
};

/// Neighbours with one window. A walk through a file system yields long ones, so that there are few
/// to sort.
struct Run {
  std::uint64_t window = 0;
  std::size_t first = 0;
  std::size_t last = 0;
};

/// Sorts keys[range] by their windows, equal ones staying in their order.
void sort_windows(std::vector<Key>& keys, const Range& range, std::vector<Run>& runs,
                  std::vector<Key>& scratch) {
  runs.clear();
  for (std::size_t i = range.first; i < range.last; ++i) {
    if (runs.empty() || runs.back().window != keys[i].window)
      runs.push_back({keys[i].window, i, i});
    runs.back().last = i + 1;
  }
  if (runs.size() == 1) return;
  std::sort(runs.begin(), runs.end(), [](const Run& a, const Run& b) {
    return std::tie(a.window, a.first) < std::tie(b.window, b.first);
  });
  scratch.clear();
  for (const Run& run : runs)
    for (std::size_t i = run.first; i < run.last; ++i) scratch.push_back(keys[i]);
  std::copy(scratch.begin(), scratch.end(),
            keys.begin() + static_cast<std::ptrdiff_t>(range.first));
}

}  // namespace

std::vector<std::uint32_t> path_order(const std::vector<std::string_view>& paths) {
  std::vector<Key> keys(paths.size());
  for (std::size_t i = 0; i < keys.size(); ++i) keys[i].position = static_cast<std::uint32_t>(i);
  std::vector<Run> runs;
  std::vector<Key> scratch;
  // Ranges of paths that are equal up to a depth. Not by recursion: paths may be long.
  std::vector<Range> open;
  if (keys.size() > 1) open.push_back({0, keys.size(), 0});
  while (!open.empty()) {
    const Range range = open.back();
    open.pop_back();
    const std::size_t depth = range.depth + common_length(paths, keys.data() + range.first,
                                                          keys.data() + range.last, range.depth);
    for (std::size_t i = range.first; i < range.last; ++i)
      keys[i].window = window_of(paths[keys[i].position], depth);
    sort_windows(keys, range, runs, scratch);
    for (std::size_t first = range.first, i = first; i < range.last; first = i) {
      while (i < range.last && keys[i].window == keys[first].window) ++i;
      if (i - first > 1 && !ends_within(keys[first].window))
        open.push_back({first, i, depth + kWindow});
    }
  }
  std::vector<std::uint32_t> order;
  order.reserve(keys.size());
  for (const Key& key : keys) order.push_back(key.position);
  return order;
}

}  // namespace skillaudit
