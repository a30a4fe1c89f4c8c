#pragma once

#include <string>
#include <vector>

#include "harness/analysis/assess_bundle.h"

namespace skillaudit {

/// What a step of an audit did not find, and what PackageLayer may find or the audit may make.
struct MissingThing {
  std::string want;  ///< "program:convert", "python:yaml", "node:express", "document:input.pdf"
  std::string step;  ///< the first step that lacks it
  int round = 1;     ///< the audit that showed it, 1 for the first
};

/// What to add to the machine before the skill is audited again, sorted by want; at most
/// kMostMissing. Nothing for a step that the audit only tries and that could harm nobody. Nothing
/// that the skill installs itself, or tried to: that is its own effect. And nothing at all where
/// what was seen already refuses the skill: an audit that shows harm stands, however the skill
/// would behave on another machine.
[[nodiscard]] std::vector<MissingThing> missing_packages(const AuditResult& audit);

inline constexpr std::size_t kMostMissing = 12;

/// Those of `packages` ("jq", "pip:rich", "program:jq") that the skill installed or tried to: had
/// they not been there, that would have been its effect.
[[nodiscard]] std::vector<std::string> installed_by_skill(const Evidence& evidence,
                                                          const std::vector<std::string>& packages);

}  // namespace skillaudit
