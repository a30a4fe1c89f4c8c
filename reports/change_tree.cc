#include "reports/change_tree.h"

#include <algorithm>
#include <bitset>
#include <string>
#include <unordered_map>

#include "harness/base/text.h"

namespace skillaudit {
namespace {

constexpr std::size_t kMostPathBytes = 200 << 10;

const FileEntry& entry_of(const FileChange& change) {
  return change.kind == ChangeKind::Deleted ? change.before : change.after;
}

/// What the skill changed, in the order of the paths, with sums, so that what lies below a folder
/// is two look-ups.
class Counted {
 public:
  explicit Counted(const std::vector<FileChange>& files) {
    sums_.emplace_back();
    for (const FileChange& change : files) {
      if (change.origin != Origin::Skill) continue;
      const FileEntry& entry = entry_of(change);
      if (entry.type == FileType::Directory && change.holds_changes) continue;
      changes_.push_back(&change);
      FolderTotals sum = sums_.back();
      ++sum.files[static_cast<std::size_t>(change.kind)];
      sum.bytes += entry.type == FileType::Regular ? entry.size : 0;
      sums_.push_back(sum);
    }
  }
  [[nodiscard]] const std::vector<const FileChange*>& changes() const { return changes_; }

  /// Of everything whose path begins with `prefix`, which ends in a slash.
  [[nodiscard]] FolderTotals below(std::string_view prefix) const {
    const auto first = std::lower_bound(
        changes_.begin(), changes_.end(), prefix,
        [](const FileChange* change, std::string_view path) { return change->path() < path; });
    const auto last = std::partition_point(first, changes_.end(), [&](const FileChange* change) {
      return change->path().starts_with(prefix);
    });
    const FolderTotals& from = sums_[static_cast<std::size_t>(first - changes_.begin())];
    FolderTotals totals = sums_[static_cast<std::size_t>(last - changes_.begin())];
    for (std::size_t kind = 0; kind < 3; ++kind) totals.files[kind] -= from.files[kind];
    totals.bytes -= from.bytes;
    return totals;
  }

 private:
  std::vector<const FileChange*> changes_;
  std::vector<FolderTotals> sums_;
};

/// The worst severity of the findings that name a path, from 1; 0 for none. Subjects are printable,
/// paths are raw: where no subject has an escape, the length alone dismisses nearly every path of a
/// million without reading it.
class NamedBy {
 public:
  explicit NamedBy(const std::vector<Finding>& findings) {
    for (const Finding& finding : findings)
      for (const std::string& subject : finding.subjects) {
        int& worst = worst_[subject];
        worst = std::max(worst, static_cast<int>(finding.severity) + 1);
        lengths_.set(std::min(subject.size(), kLongest));
        escapes_ = escapes_ || subject.find('\\') != std::string::npos;
      }
  }
  [[nodiscard]] int worst(const std::string& path) const {
    if (!escapes_ && !lengths_[std::min(path.size(), kLongest)]) return 0;
    const auto found = worst_.find(escapes_ ? printable(path) : path);
    return found == worst_.end() ? 0 : found->second;
  }

 private:
  static constexpr std::size_t kLongest = 511;
  std::unordered_map<std::string, int> worst_;
  std::bitset<kLongest + 1> lengths_;
  bool escapes_ = false;
};

std::vector<const FileChange*> most_telling(const Counted& counted,
                                            const std::vector<Finding>& findings,
                                            std::size_t most) {
  const NamedBy named(findings);
  struct Ranked {
    int rank;
    std::uint32_t place;
  };
  std::vector<Ranked> all;
  all.reserve(counted.changes().size());
  for (const FileChange* change : counted.changes()) {
    const int kind = change->kind == ChangeKind::Added ? 0 : 1;
    all.push_back({named.worst(change->path()) * 2 + kind, static_cast<std::uint32_t>(all.size())});
  }
  const auto before = [](const Ranked& a, const Ranked& b) {
    return a.rank != b.rank ? a.rank > b.rank : a.place < b.place;
  };
  most = std::min(most, all.size());
  std::nth_element(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(most), all.end(), before);
  all.resize(most);
  std::sort(all.begin(), all.end(), before);
  // Long names leave room for fewer, and then it is the least telling that go.
  std::size_t bytes = 0;
  std::size_t kept = 0;
  for (; kept < all.size() && bytes < kMostPathBytes; ++kept)
    bytes += std::min<std::size_t>(counted.changes()[all[kept].place]->path().size(), 600);
  all.resize(kept);
  std::sort(all.begin(), all.end(),
            [](const Ranked& a, const Ranked& b) { return a.place < b.place; });
  std::vector<const FileChange*> chosen;
  chosen.reserve(most);
  for (const Ranked& each : all) chosen.push_back(counted.changes()[each.place]);
  return chosen;
}

using Listed = std::vector<const FileChange*>::const_iterator;

/// Fills `node`, whose path ends at `prefix`, from the listed changes below it.
void fill(FolderNode& node, std::string_view prefix, Listed first, Listed last,
          const Counted& counted, std::size_t depth) {
  std::size_t covered = 0;
  while (first != last) {
    const std::string_view path = (*first)->path();
    const std::size_t slash =
        depth == kDeepest ? std::string_view::npos : path.find('/', prefix.size());
    if (slash == std::string_view::npos) {
      node.files.push_back({path.substr(prefix.size()), *first});
      ++covered;
      ++first;
      continue;
    }
    std::string_view below = path.substr(0, slash + 1);
    const Listed end = std::partition_point(
        first, last, [&](const FileChange* change) { return change->path().starts_with(below); });
    // A folder that holds one folder alone, and nothing that is not listed, is one with it.
    FolderNode folder;
    folder.totals = counted.below(below);
    for (;;) {
      const std::size_t next = path.find('/', below.size());
      if (next == std::string_view::npos) break;
      const std::string_view inner = path.substr(0, next + 1);
      if (counted.below(inner).all() != folder.totals.all()) break;
      below = inner;
    }
    folder.name = below.substr(prefix.size());
    fill(folder, below, first, end, counted, depth + 1);
    covered += folder.totals.all();
    node.folders.push_back(std::move(folder));
    first = end;
  }
  node.unlisted = node.totals.all() - covered;
}

}  // namespace

FolderNode change_tree_of(const Assessment& assessment, std::size_t most) {
  const Counted counted(assessment.changes.files);
  const std::vector<const FileChange*> listed = most_telling(counted, assessment.findings, most);
  FolderNode root;
  root.totals = counted.below("");
  fill(root, "", listed.begin(), listed.end(), counted, 0);
  return root;
}

}  // namespace skillaudit
