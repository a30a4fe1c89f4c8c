#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace skillaudit {

/// Looks for many byte strings at once: an Aho–Corasick automaton (Aho, Corasick: "Efficient string
/// matching", CACM 18(6), 1975). It was chosen because it is linear whatever the text is: matchers
/// that skip ahead (Wu–Manber, Teddy) are faster on friendly text, but what is read here was
/// written by the skill, which could slow them down at will.
///
/// A state at which the patterns part, or which begins one, has a row of all 256 transitions. Every
/// other state knows the one byte that leads on, and falls back to its longest suffix at any other.
/// Long random patterns are nearly all such chains: the decoys' 20,000 states take 0.3 MiB instead
/// of the 19 MiB of a full table, in which text made of the patterns' own beginnings, missing the
/// cache at each byte, ran at 3 MB/s. bench/multi_pattern_bench.cc measured 246 MB/s (Base64) to
/// 406 MB/s (prose) on one core of a busy server, and 359 MB/s on that hostile text.
///
/// Immutable after construction, and safe to use from several threads.
class MultiPattern {
 public:
  /// Throws Error{Internal} when a pattern is empty. The same pattern may occur twice.
  explicit MultiPattern(const std::vector<std::string>& patterns);

  /// Indices of the patterns that occur in `text`, sorted, each once. Linear in the text's size.
  [[nodiscard]] std::vector<std::size_t> find(std::string_view text) const;

  [[nodiscard]] std::size_t states() const noexcept { return suffix_output_.size(); }
  /// Bytes that the transitions take.
  [[nodiscard]] std::size_t table_size() const noexcept {
    return rows_.size() * sizeof(Row) + links_.size() * sizeof(Link);
  }

 private:
  /// States with a row come first, the root being 0; then those with a link.
  using State = std::uint32_t;
  /// Set in a transition whose target ends some pattern.
  static constexpr State kEnds = 0x80000000;
  using Row = std::array<State, 256>;

  struct Link {
    State next = 0;
    State fallback = 0;
    std::int16_t byte = -1;  ///< that leads to next; -1: none does
  };

  /// The state after `byte`, with kEnds where patterns end.
  [[nodiscard]] State step(State state, unsigned char byte) const {
    while (state >= rows_.size()) {
      const Link& link = links_[state - rows_.size()];
      if (link.byte == byte) return link.next;
      state = link.fallback;
    }
    return rows_[state][byte];
  }

  std::size_t pattern_count_ = 0;
  std::vector<Row> rows_;
  std::vector<Link> links_;
  /// For each state: the patterns that end in it, as a range of outputs_ …
  std::vector<std::uint32_t> outputs_begin_;
  std::vector<std::uint32_t> outputs_;
  /// … and the nearest state on its chain of suffixes in which another one ends (0: none).
  std::vector<State> suffix_output_;
};

}  // namespace skillaudit
