#include "harness/changes/changes_diff.h"

#include <fmt/core.h>

#include <algorithm>
#include <dtl/dtl.hpp>
#include <sstream>

#include "harness/base/text.h"

namespace skillaudit {
namespace {

constexpr std::size_t kMaxLines = 5000;
constexpr std::size_t kMaxShown = 64 * 1024;
/// dtl keeps every step of its search: up to this many pairs of lines that is some 32 MiB.
constexpr std::size_t kMaxPairs = 1'000'000;

using Lines = std::vector<std::string>;

Lines lines_of(std::string_view text) {
  Lines lines;
  for (const auto line : split(text, '\n')) lines.push_back(printable_block(line));
  // Else "a" and "a\n" would be equal line for line.
  if (!text.empty() && !text.ends_with('\n')) lines.emplace_back("\\ No newline at end of file");
  return lines;
}

bool is_unfit(std::string_view text) {
  return text.find('\0') != std::string_view::npos ||
         static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) > kMaxLines;
}

/// "3,2", and "0,0" for nothing: the line before, as diff has it.
std::string range(std::size_t first, std::size_t count) {
  return fmt::format("{},{}", count == 0 ? first : first + 1, count);
}

/// Everything between the lines that both texts begin and end with, out and in: a correct diff, if
/// not the shortest.
std::string replacement(const Lines& before, const Lines& after, std::size_t head,
                        std::size_t tail) {
  const std::size_t removed = before.size() - head - tail;
  const std::size_t added = after.size() - head - tail;
  std::string out = fmt::format("@@ -{} +{} @@\n", range(head, removed), range(head, added));
  for (std::size_t i = 0; i < removed; ++i) out += "-" + before[head + i] + "\n";
  for (std::size_t i = 0; i < added; ++i) out += "+" + after[head + i] + "\n";
  return out;
}

std::string shortest(const Lines& before, const Lines& after) {
  dtl::Diff<std::string, Lines> diff(before, after);
  diff.compose();
  diff.composeUnifiedHunks();
  std::ostringstream out;
  diff.printUnifiedFormat(out);
  return out.str();
}

std::string cut(std::string text) {
  if (text.size() <= kMaxShown) return text;
  const std::size_t end = text.rfind('\n', kMaxShown);
  const auto rest =
      std::count(text.begin() + static_cast<std::ptrdiff_t>(end) + 1, text.end(), '\n');
  text.resize(end + 1);
  return text + fmt::format("… {}\n", count_of(static_cast<std::size_t>(rest), "more line"));
}

}  // namespace

std::string unified_diff(std::string_view before, std::string_view after) {
  if (is_unfit(before) || is_unfit(after)) {
    return fmt::format("binary or too large to compare: {} before, {} after\n",
                       human_bytes(before.size()), human_bytes(after.size()));
  }
  const Lines a = lines_of(before);
  const Lines b = lines_of(after);
  std::size_t head = 0;
  while (head < a.size() && head < b.size() && a[head] == b[head]) ++head;
  std::size_t tail = 0;
  while (tail < a.size() - head && tail < b.size() - head &&
         a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) {
    ++tail;
  }
  const std::size_t removed = a.size() - head - tail;
  const std::size_t added = b.size() - head - tail;
  const bool one_sided = a.empty() || b.empty();
  if (one_sided || removed * added > kMaxPairs) return cut(replacement(a, b, head, tail));
  return cut(shortest(a, b));
}

std::vector<ConfigDiff> changed_config(const std::vector<ConfigText>& before,
                                       const std::vector<ConfigText>& after) {
  std::vector<ConfigDiff> diffs;
  auto b = before.begin();
  auto a = after.begin();
  while (b != before.end() || a != after.end()) {
    if (a == after.end() || (b != before.end() && b->path < a->path)) {
      diffs.push_back({b->path, ChangeKind::Deleted, unified_diff(b->content, {})});
      ++b;
    } else if (b == before.end() || a->path < b->path) {
      diffs.push_back({a->path, ChangeKind::Added, unified_diff({}, a->content)});
      ++a;
    } else {
      if (a->content != b->content) {
        diffs.push_back({a->path, ChangeKind::Modified, unified_diff(b->content, a->content)});
      }
      ++a;
      ++b;
    }
  }
  return diffs;
}

}  // namespace skillaudit
