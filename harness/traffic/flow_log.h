#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/evidence/flow.h"
#include "harness/evidence/gap.h"

namespace skillaudit {

/// Reads flows.jsonl as filter.py writes it: one JSON object a line with exactly the fields of Flow
/// (`status` may be null; `response_body` and `answered` may be absent, as in older logs). The
/// flows come sorted by id.
///
/// Strict and bounded: a line that is truncated, too long (1 MiB) or malformed, an id that occurs
/// twice or is missing from 1, 2, 3 …, lines beyond 100,001 each give an entry in `gaps` (may
/// be null). Never throws for what the log holds.
[[nodiscard]] std::vector<Flow> parse_flow_log(std::string_view jsonl, std::vector<Gap>* gaps);

}  // namespace skillaudit
