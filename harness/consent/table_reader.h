#pragma once

#include <vector>

#include "harness/consent/page.h"
#include "harness/consent/sentence_reader.h"
#include "harness/consent/words.h"

namespace skillaudit {

/// Reads the rows of a table: "File | What it does", "Reads | Writes", "File | Deleted? yes".
class TableReader {
 public:
  void header(const PageBlock& row);
  /// All claims of the row. `whole` becomes the row as one sentence, for its text and place.
  SentenceReading row(const PageBlock& row, const SentenceContext& context, Sentence& whole) const;

 private:
  std::vector<OpenPredicate> columns_;  ///< empty where a column's header has no verb
};

}  // namespace skillaudit
