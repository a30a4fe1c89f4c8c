#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "harness/base/progress.h"

namespace skillaudit {

/// Progress of several audits at once, on stderr. On a terminal: one live line with what runs and
/// how many are done. Elsewhere: plain lines as for one audit, each after the audit's name. Its
/// functions and those of the Progress it hands out may be called from any thread.
class BatchView {
 public:
  virtual ~BatchView() = default;
  /// An audit begins; it has ended when the Progress is destroyed.
  [[nodiscard]] virtual std::unique_ptr<Progress> audit(const std::string& label) = 0;
  /// Writes lines (a result on stdout, an error on stderr) so that they mix with nothing.
  virtual void print(std::FILE* to, const std::string& lines) = 0;
};

/// For `total` audits. `quiet`: no progress.
[[nodiscard]] std::unique_ptr<BatchView> make_batch_view(bool quiet, std::size_t total);

}  // namespace skillaudit
