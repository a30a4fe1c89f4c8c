#include "harness/analysis/assess_bundle.h"

#include "harness/analysis/assess.h"

namespace skillaudit {

AuditResult assess_bundle(const std::filesystem::path& bundle, const Rubric& rubric,
                          ParsedSnapshots parsed) {
  AuditResult result{.bundle = bundle};
  result.evidence = load_evidence(bundle, std::move(parsed));
  result.assessment = assess(result.evidence, rubric);
  return result;
}

}  // namespace skillaudit
