#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "harness/base/progress.h"

namespace skillaudit {

/// Progress of concurrent audits, on stderr. On a terminal: one live line that names the running
/// audits and counts those that are done. Elsewhere: plain lines as for one audit, each with the
/// name of its audit. All functions may be called from any thread, also those of the Progress
/// objects.
class BatchView {
 public:
  virtual ~BatchView() = default;
  /// An audit starts; it ends when its Progress is destroyed.
  [[nodiscard]] virtual std::unique_ptr<Progress> audit(const std::string& label) = 0;
  /// Writes lines (a result to stdout, an error to stderr) without mixing them with others.
  virtual void print(std::FILE* to, const std::string& lines) = 0;
};

/// For `total` audits. `quiet`: no progress.
[[nodiscard]] std::unique_ptr<BatchView> make_batch_view(bool quiet, std::size_t total);

}  // namespace skillaudit
