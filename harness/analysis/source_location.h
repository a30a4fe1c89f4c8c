#pragma once

#include <string>
#include <vector>

#include "harness/analysis/assessment.h"
#include "harness/evidence/skill.h"

namespace skillaudit {

/// A place in one of the skill's files.
struct SourceLocation {
  std::string file;  ///< relative to the skill's folder, raw bytes
  int line = 0;      ///< 1-based; 0: the file as a whole
  bool operator==(const SourceLocation&) const = default;
};

/// The places in the skill's files that the finding's citations name ("skill.json#scripts/x.sh:67",
/// "execution.json#SKILL.md:12"), each once, in the order of the citations. Empty for what only the
/// run showed: a citation of a file that the skill does not have names no place.
[[nodiscard]] std::vector<SourceLocation> source_locations(const Finding& finding,
                                                           const Skill& skill);

}  // namespace skillaudit
