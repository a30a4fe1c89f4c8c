#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "harness/consent/words.h"
#include "harness/words/asked.h"

namespace skillaudit {

/// One order within a sentence: a verb that the reader is told, up to the next one.
struct Clause {
  Act act = Act::Run;
  std::string_view lemma;   ///< "post"; empty: a verb that no table knows
  std::size_t begin = 0;    ///< the first token that may be an object of it
  std::size_t verb = 0;     ///< the verb's token
  std::size_t end = 0;      ///< behind its last token
  bool on_absence = false;  ///< "if it is missing, …"
  bool talks = false;       ///< "ask", "tell", "see", "mention": asks for nothing on the machine
  bool edits = false;       ///< "update", "fix": the work of the agent itself
};

/// The orders of one sentence: imperatives at its start, behind a comma, a colon, "and" and "then";
/// what "you must", "make sure to" and their like are followed by; "by running …"; "must be sent".
/// Denied ones are none.
[[nodiscard]] std::vector<Clause> clauses_of(const Sentence& sentence);

/// Whether the sentence is somebody's example, or leaves the act to the user.
[[nodiscard]] bool is_example(const Sentence& sentence);

/// Whether a word of denial stands in the tokens.
[[nodiscard]] bool has_denial(const Sentence& sentence);

}  // namespace skillaudit
