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
  const std::string_view sample = paths[first->position];
  std::size_t common = sample.size() - depth;
  for (const Key* key = first + 1; key != last && common > 0; ++key) {
    const std::string_view path = paths[key->position];
    const std::size_t most = std::min(common, path.size() - depth);
    common = static_cast<std::size_t>(
        std::mismatch(sample.begin() + static_cast<std::ptrdiff_t>(depth),
                      sample.begin() + static_cast<std::ptrdiff_t>(depth + most),
                      path.begin() + static_cast<std::ptrdiff_t>(depth))
            .first -
        (sample.begin() + static_cast<std::ptrdiff_t>(depth)));
  }
  return common;
}

struct Range {
  std::size_t first = 0;
  std::size_t last = 0;
  std::size_t depth = 0;
};

}  // namespace

std::vector<std::uint32_t> path_order(const std::vector<std::string_view>& paths) {
  std::vector<Key> keys(paths.size());
  for (std::size_t i = 0; i < keys.size(); ++i) keys[i].position = static_cast<std::uint32_t>(i);
  // Ranges of paths that are equal up to a depth. Not by recursion: paths may be long.
  std::vector<Range> open;
  if (keys.size() > 1) open.push_back({0, keys.size(), 0});
  while (!open.empty()) {
    const auto [begin, end, start] = open.back();
    open.pop_back();
    Key* const first = keys.data() + begin;
    Key* const last = keys.data() + end;
    const std::size_t depth = start + common_length(paths, first, last, start);
    for (Key* key = first; key != last; ++key) key->window = window_of(paths[key->position], depth);
    std::sort(first, last, [](const Key& a, const Key& b) {
      return std::tie(a.window, a.position) < std::tie(b.window, b.position);
    });
    for (Key* run = first; run != last;) {
      Key* const next =
          std::find_if(run, last, [&](const Key& key) { return key.window != run->window; });
      if (next - run > 1 && !ends_within(run->window))
        open.push_back({static_cast<std::size_t>(run - keys.data()),
                        static_cast<std::size_t>(next - keys.data()), depth + kWindow});
      run = next;
    }
  }
  std::vector<std::uint32_t> order;
  order.reserve(keys.size());
  for (const Key& key : keys) order.push_back(key.position);
  return order;
}

}  // namespace skillaudit
