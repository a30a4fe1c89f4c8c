#pragma once

#include <string>
#include <vector>

#include "harness/consent/statement.h"
#include "harness/evidence/skill.h"

namespace skillaudit {

struct ReadDocuments {
  std::vector<Statement> statements;
  std::vector<std::string> cuts;  ///< what was too much, with its file
};

/// All statements of the skill's documents, in the order SKILL.md, README, linked documents by
/// path, audit.yaml. Bounded: 200 documents, 8 MiB and 100,000 claims in all.
[[nodiscard]] ReadDocuments read_documents(const Skill& skill);

}  // namespace skillaudit
