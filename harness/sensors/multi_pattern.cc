#include "harness/sensors/multi_pattern.h"

#include "harness/base/error.h"

namespace skillaudit {
namespace {

/// The trie of the patterns while it is built. Nodes are numbered as they are met, so the nodes of
/// one pattern's tail follow each other.
struct Node {
  unsigned char byte = 0;  ///< that leads here
  std::uint32_t depth = 0;
  std::uint32_t first_child = 0;  ///< 0: none, since nothing leads back to the root
  std::uint32_t next_sibling = 0;
  std::uint32_t fallback = 0;       ///< the node of the longest proper suffix
  std::uint32_t suffix_output = 0;  ///< the nearest of these in which a pattern ends
  std::vector<std::uint32_t> ends;  ///< the patterns that end here

  [[nodiscard]] bool has_output() const { return !ends.empty() || suffix_output != 0; }
};

class Trie {
 public:
  explicit Trie(const std::vector<std::string>& patterns) : nodes(1) {
    for (std::size_t index = 0; index < patterns.size(); ++index) {
      if (patterns[index].empty()) fail(ErrorKind::Internal, "cannot search for an empty string");
      std::uint32_t node = 0;
      for (const char c : patterns[index]) node = child_or_new(node, static_cast<unsigned char>(c));
      nodes[node].ends.push_back(static_cast<std::uint32_t>(index));
    }
    link_suffixes();
  }

  /// 0 when there is none.
  [[nodiscard]] std::uint32_t child(std::uint32_t node, unsigned char byte) const {
    std::uint32_t at = nodes[node].first_child;
    while (at != 0 && nodes[at].byte != byte) at = nodes[at].next_sibling;
    return at;
  }

  /// A row for states near the root, which most bytes of any text lead to, and where patterns part.
  [[nodiscard]] bool needs_row(std::uint32_t node) const {
    const std::uint32_t first = nodes[node].first_child;
    return nodes[node].depth <= 1 || (first != 0 && nodes[first].next_sibling != 0);
  }

  std::vector<Node> nodes;
  std::vector<std::uint32_t> by_depth;  ///< breadth first

 private:
  std::uint32_t child_or_new(std::uint32_t node, unsigned char byte) {
    if (const std::uint32_t found = child(node, byte)) return found;
    const auto fresh = static_cast<std::uint32_t>(nodes.size());
    Node created;
    created.byte = byte;
    created.depth = nodes[node].depth + 1;
    created.next_sibling = nodes[node].first_child;
    nodes.push_back(created);
    nodes[node].first_child = fresh;
    return fresh;
  }

  void link_suffixes() {
    by_depth.push_back(0);
    for (std::size_t at = 0; at < by_depth.size(); ++at) {
      const std::uint32_t parent = by_depth[at];
      for (std::uint32_t node = nodes[parent].first_child; node != 0;
           node = nodes[node].next_sibling) {
        by_depth.push_back(node);
        if (parent == 0) continue;  // a single byte: its only proper suffix is the root
        std::uint32_t suffix = nodes[parent].fallback;
        while (suffix != 0 && child(suffix, nodes[node].byte) == 0) suffix = nodes[suffix].fallback;
        const std::uint32_t fallback = child(suffix, nodes[node].byte);
        nodes[node].fallback = fallback;
        nodes[node].suffix_output =
            nodes[fallback].ends.empty() ? nodes[fallback].suffix_output : fallback;
      }
    }
  }
};

}  // namespace

MultiPattern::MultiPattern(const std::vector<std::string>& patterns)
    : pattern_count_(patterns.size()) {
  const Trie trie(patterns);
  const std::size_t count = trie.nodes.size();
  if (count >= kEnds) fail(ErrorKind::Internal, "too many patterns to search for at once");

  std::vector<std::uint32_t> node_of;
  for (const bool with_row : {true, false}) {
    for (std::uint32_t node = 0; node < count; ++node) {
      if (trie.needs_row(node) == with_row) node_of.push_back(node);
    }
    if (with_row) rows_.resize(node_of.size());
  }
  links_.resize(count - rows_.size());
  std::vector<State> state_of(count);
  for (std::size_t state = 0; state < count; ++state)
    state_of[node_of[state]] = static_cast<State>(state);
  const auto arriving_at = [&](std::uint32_t node) {
    return state_of[node] | (trie.nodes[node].has_output() ? kEnds : 0);
  };

  // Breadth first: the state that a row falls back to is complete already.
  for (const std::uint32_t node : trie.by_depth) {
    const State state = state_of[node];
    const State fallback = state_of[trie.nodes[node].fallback];
    if (state >= rows_.size()) {
      Link& link = links_[state - rows_.size()];
      link.fallback = fallback;
      if (const std::uint32_t only = trie.nodes[node].first_child) {
        link.next = arriving_at(only);
        link.byte = trie.nodes[only].byte;
      }
      continue;
    }
    for (unsigned byte = 0; byte < 256; ++byte)
      rows_[state][byte] = node == 0 ? 0 : step(fallback, static_cast<unsigned char>(byte));
    for (std::uint32_t child = trie.nodes[node].first_child; child != 0;
         child = trie.nodes[child].next_sibling)
      rows_[state][trie.nodes[child].byte] = arriving_at(child);
  }

  for (const std::uint32_t node : node_of) {
    outputs_begin_.push_back(static_cast<std::uint32_t>(outputs_.size()));
    outputs_.insert(outputs_.end(), trie.nodes[node].ends.begin(), trie.nodes[node].ends.end());
    suffix_output_.push_back(state_of[trie.nodes[node].suffix_output]);
  }
  outputs_begin_.push_back(static_cast<std::uint32_t>(outputs_.size()));
}

std::vector<std::size_t> MultiPattern::find(std::string_view text) const {
  std::vector<bool> found(pattern_count_);
  // Each state tells its patterns once: text that repeats a pattern without end costs no more.
  std::vector<bool> told(states());
  const auto tell = [&](State state) {
    for (; state != 0 && !told[state]; state = suffix_output_[state]) {
      told[state] = true;
      for (std::uint32_t i = outputs_begin_[state]; i < outputs_begin_[state + 1]; ++i)
        found[outputs_[i]] = true;
    }
  };
  State state = 0;
  for (const char c : text) {
    state = step(state, static_cast<unsigned char>(c));
    if (state & kEnds) [[unlikely]] {
      state &= ~kEnds;
      tell(state);
    }
  }
  std::vector<std::size_t> indices;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i]) indices.push_back(i);
  }
  return indices;
}

}  // namespace skillaudit
