#pragma once

#include <functional>
#include <vector>

#include "harness/audit/audit.h"
#include "harness/audit/missing_packages.h"

namespace skillaudit {

/// How often a skill is audited at most: what one audit lacked shows what the next one lacks.
inline constexpr int kMostAudits = 3;

/// One audit of a guest that was given `missing`. It asks `lacks_more` at its end whether another
/// one follows; none: none does.
using AuditOnce =
    std::function<AuditResult(const AuditSpec& spec, const std::vector<MissingThing>& missing,
                              const std::function<bool(const AuditResult&)>& lacks_more)>;

/// Audits a skill, and again with what its steps lacked, as long as that is to be had and nothing
/// refuses the skill. The last audit counts, unless the skill installs itself what was added.
[[nodiscard]] AuditResult audit_with_what_it_lacks(MachineProvider& provider, const AuditSpec& spec,
                                                   Progress& progress, const AuditOnce& audit);

}  // namespace skillaudit
