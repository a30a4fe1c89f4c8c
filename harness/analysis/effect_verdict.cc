#include "harness/analysis/effect_verdict.h"

#include <algorithm>

namespace skillaudit {

Verdict verdict_of(EffectClass effect_class, Severity severity, ConsentExtent named) {
  const bool nowhere = named == ConsentExtent::None;
  switch (effect_class) {
    case EffectClass::Ordinary:
    case EffectClass::Litter:
      return Verdict::Approved;
    case EffectClass::Lasting:
      return nowhere && severity == Severity::Critical ? Verdict::Rejected : Verdict::NeedsReview;
    case EffectClass::Exposing:
      return Verdict::NeedsReview;
    case EffectClass::Damage:
      return nowhere && severity >= Severity::High ? Verdict::Rejected : Verdict::NeedsReview;
    case EffectClass::Harm:
      return named == ConsentExtent::Exactly ? Verdict::NeedsReview : Verdict::Rejected;
    case EffectClass::Tampering:
      return Verdict::Rejected;
  }
  return Verdict::Rejected;
}

Verdict verdict_of(const Finding& finding, const RubricRule& rule) {
  const Verdict verdict = verdict_of(rule.effect_class, finding.severity, finding.named);
  return verdict == Verdict::Approved && rule.needs_review ? Verdict::NeedsReview : verdict;
}

}  // namespace skillaudit
