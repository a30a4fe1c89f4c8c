#pragma once

#include <memory>

#include "harness/changes/changes.h"

namespace skillaudit {

/// Tells changed files apart by who caused them. Made once for an audit's evidence, which it refers
/// to and which must outlive it.
class OriginJudge {
 public:
  OriginJudge(const Evidence& evidence, const std::vector<RowChange<Package>>& packages);
  ~OriginJudge();
  OriginJudge(const OriginJudge&) = delete;
  OriginJudge& operator=(const OriginJudge&) = delete;

  /// Sets `origin` and, with Origin::Package, `package`. Expects `sha256` to be set already.
  void judge(FileChange& change) const;
  /// Whether maintainer scripts alone wrote to a file that the kernel watches.
  [[nodiscard]] bool is_by_packages_alone(std::string_view path) const;
  /// Once all are judged: what only their number tells.
  void settle(std::vector<FileChange>& changes) const;

 private:
  struct Facts;
  std::unique_ptr<const Facts> facts_;
};

}  // namespace skillaudit
