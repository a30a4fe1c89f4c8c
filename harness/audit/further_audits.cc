#include "harness/audit/further_audits.h"

#include "harness/audit/added_packages.h"
#include "harness/audit/missing_documents.h"
#include "harness/skill/load.h"

namespace skillaudit {

AuditResult audit_with_what_it_lacks(MachineProvider& provider, const AuditSpec& spec,
                                     Progress& progress, const AuditOnce& audit) {
  std::vector<MissingThing> missing;
  AuditSpec further = spec;
  std::size_t had = 0;
  // A VM that is kept is the one that was audited first.
  const bool may_go_on = spec.adds_packages && spec.keep == Keep::Never;
  const bool may_add = may_go_on && !spec.cold && spec.scenario.empty() && !spec.agent.agent;
  const auto lacks_more = [&](const AuditResult& result) {
    had = missing.size();
    const std::size_t left_out = further.left_out.size();
    if (may_go_on)
      further.left_out = installed_by_skill(
          result.evidence, packages_of_author(spec, load_skill(spec.skill_folder)));
    if (may_add) add_missing(result, missing);
    return missing.size() > had || further.left_out.size() > left_out;
  };
  AuditResult last = audit(spec, {}, lacks_more);
  for (int audits = 1; audits < kMostAudits; ++audits) {
    const bool leaves_out = further.left_out.size() > spec.left_out.size() && audits == 1;
    if (missing.size() == had && !leaves_out) break;
    progress.stage("Adding what the steps lack");
    if (!can_add(provider, further, load_skill(spec.skill_folder), missing, had, progress))
      missing.resize(had);
    if (missing.size() == had && !leaves_out) {
      progress.finish();
      break;
    }
    FirstBundle aside(last.bundle);
    const std::vector<MissingThing> given = missing;
    const bool is_last = audits + 1 == kMostAudits;
    AuditResult next = audit(further, given, is_last ? nullptr : std::function(lacks_more));
    // Then what was added hides what the skill does.
    for (const MissingThing& each : given) {
      if (installed_by_skill(next.evidence, {each.want}).empty()) continue;
      if (!is_last && missing.size() > had) progress.finish();
      return last;
    }
    aside.drop();
    last = std::move(next);
  }
  return last;
}

}  // namespace skillaudit
