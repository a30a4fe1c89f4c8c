#pragma once

#include <string>
#include <vector>

#include "harness/words/asked.h"
#include "harness/words/clauses.h"

namespace skillaudit {

/// What stands around a clause.
struct ClauseContext {
  const Sentence* sentence = nullptr;
  std::string block_below;                  ///< the code block that the sentence introduces
  std::vector<ActTarget> antecedents = {};  ///< what "it" and "its content" may mean
  std::vector<ActTarget> secrets = {};      ///< those that a sentence named last
};

struct Resolved {
  std::vector<Asked> asked;
  bool not_understood = false;  ///< an order whose object is there, and which says no more to us
};

/// What the clause asks for, given what it names. Line and sentence of the result are not set.
[[nodiscard]] Resolved resolve(const Clause& clause, std::vector<ActTarget> targets,
                               const ClauseContext& context);

}  // namespace skillaudit
