#pragma once

#include <algorithm>
#include <vector>

#include "harness/changes/changes.h"

namespace skillaudit {

/// The rows that differ, sorted by key. `key_of(row)` is what names a row for good; `same(a, b)` is
/// applied to rows with one key. Rows that share a key in one snapshot are paired in their order.
template <typename Row, typename KeyOf, typename Same>
[[nodiscard]] std::vector<RowChange<Row>> compare_rows(const std::vector<Row>& before,
                                                       const std::vector<Row>& after,
                                                       const KeyOf& key_of, const Same& same) {
  const auto sorted = [&](const std::vector<Row>& rows) {
    std::vector<const Row*> pointers;
    pointers.reserve(rows.size());
    for (const auto& row : rows) pointers.push_back(&row);
    std::stable_sort(pointers.begin(), pointers.end(),
                     [&](const Row* a, const Row* b) { return key_of(*a) < key_of(*b); });
    return pointers;
  };
  const auto old_rows = sorted(before);
  const auto new_rows = sorted(after);
  std::vector<RowChange<Row>> changes;
  auto b = old_rows.begin();
  auto a = new_rows.begin();
  while (b != old_rows.end() || a != new_rows.end()) {
    if (a == new_rows.end() || (b != old_rows.end() && key_of(**b) < key_of(**a))) {
      changes.push_back({ChangeKind::Deleted, **b++, {}});
    } else if (b == old_rows.end() || key_of(**a) < key_of(**b)) {
      changes.push_back({ChangeKind::Added, {}, **a++});
    } else {
      if (!same(**b, **a)) changes.push_back({ChangeKind::Modified, **b, **a});
      ++b;
      ++a;
    }
  }
  return changes;
}

template <typename Row, typename KeyOf>
[[nodiscard]] std::vector<RowChange<Row>> compare_rows(const std::vector<Row>& before,
                                                       const std::vector<Row>& after,
                                                       const KeyOf& key_of) {
  return compare_rows(before, after, key_of, [](const Row& a, const Row& b) { return a == b; });
}

[[nodiscard]] std::vector<RowChange<ProcessEntry>> changed_processes(const Snapshot& before,
                                                                     const Snapshot& after);
[[nodiscard]] std::vector<RowChange<SocketEntry>> changed_sockets(const Snapshot& before,
                                                                  const Snapshot& after);
[[nodiscard]] std::vector<RowChange<Unit>> changed_units(const Snapshot& before,
                                                         const Snapshot& after);
[[nodiscard]] std::vector<RowChange<Package>> changed_packages(const Snapshot& before,
                                                               const Snapshot& after);

}  // namespace skillaudit
