#pragma once

#include <string>
#include <vector>

#include "harness/consent/page.h"
#include "harness/consent/statement.h"

namespace skillaudit {

/// The statements of one page, each with what its list, table, heading or introducing sentence
/// adds: "It writes:" and the items below, the columns of a table, "## What it never does".
/// Headings are no statements. Not more than `most_claims` claims; `cut` says that there were more.
[[nodiscard]] std::vector<Statement> statements_of(const Page& page, const std::string& file,
                                                   std::size_t most_claims, bool& cut);

/// What a section's heading says of all below it.
[[nodiscard]] WhyNot section_of(std::string_view heading);

}  // namespace skillaudit
