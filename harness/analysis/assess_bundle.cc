#include "harness/analysis/assess_bundle.h"

#include "harness/analysis/assess.h"
#include "harness/rules/rubric.h"

namespace skillaudit {

AuditResult assess_bundle(const std::filesystem::path& bundle, ParsedSnapshots parsed) {
  AuditResult result{.bundle = bundle};
  result.evidence = load_evidence(bundle, std::move(parsed));
  result.assessment = assess(result.evidence, shipped_rubric());
  return result;
}

}  // namespace skillaudit
