#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/sensors/decoys.h"

namespace skillaudit {

/// Whether a document of that name can be made: "input.pdf", "report/q3.xlsx".
[[nodiscard]] bool can_make_document(std::string_view name);

/// A small document of the kind that the name's ending tells, made from fixtures/documents: what
/// the usual programs and libraries open. `reference` stands in its text; pictures have none.
/// Throws Error{Internal} for another ending.
[[nodiscard]] std::string make_document(std::string_view name, const std::string& reference);

/// Puts documents into the user's project, each with a canary as the home's own documents have.
/// `paths`: relative to the project, or absolute, and then without a canary. `home_path`: of the
/// home, absolute. A file that is there stays as it is.
void add_documents(FurnishedHome& home, const std::vector<std::string>& paths,
                   const std::string& home_path, const Entropy& entropy = random_bytes);

}  // namespace skillaudit
