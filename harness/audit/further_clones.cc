#include "harness/audit/further_clones.h"

#include "harness/analysis/assess_bundle.h"
#include "harness/analysis/harm.h"
#include "harness/audit/opened_world.h"
#include "harness/audit/worlds.h"
#include "harness/bundle/write.h"

namespace skillaudit {

bool has_worlds(const AuditSpec& spec) {
  return spec.depth == Depth::Standard && !spec.agent.agent && !spec.cold &&
         spec.keep == Keep::Never && spec.scenario.empty();
}

std::optional<bool> look_at_worlds(const FurtherClones& further, const GoesOn& goes_on) {
  Worlds worlds(further.provider, further.machine, further.observation, further.evidence.skill,
                further.bundle);
  if (!worlds.are_wanted(further.evidence, further.raw)) return std::nullopt;
  write_evidence(further.evidence, further.raw, further.bundle);
  const AuditResult without = assess_bundle(further.bundle, further.rubric);
  const bool more = goes_on && goes_on(without);
  if (!more && without.assessment.verdict != Verdict::Rejected)
    worlds.run(further.evidence, further.progress);
  return more;
}

void look_behind_conditions(const FurtherClones& further) {
  const Evidence& evidence = further.evidence;
  const bool could = evidence.lines.measured || has_unmeasured_programs(evidence.skill);
  if (!could || !evidence.execution.aborted.empty()) return;
  write_evidence(evidence, further.raw, further.bundle);
  const AuditResult without = assess_bundle(further.bundle, further.rubric);
  if (without.assessment.verdict == Verdict::Rejected) return;
  const std::vector<Harm> harm = unexercised_harm(without.evidence, without.assessment.coverage);
  if (harm.empty()) return;
  const OpenedWorld opened(further.provider, further.machine, further.observation, further.bundle);
  opened.run(harm, further.evidence, further.progress);
}

}  // namespace skillaudit
