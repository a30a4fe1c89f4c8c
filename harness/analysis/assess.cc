#include "harness/analysis/assess.h"

namespace skillaudit {

// Alone in its file: whoever has changes at hand need not link what compares snapshots.
Assessment assess(const Evidence& evidence, const Rubric& rubric) {
  return assess_changes(evidence, compare(evidence), rubric);
}

}  // namespace skillaudit
