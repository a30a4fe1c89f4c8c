#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/evidence/evidence.h"

namespace skillaudit {

/// What left the guest and is not built from text that is visible (visible_text.h): bodies, paths,
/// queries, headers, names that were looked up, the payload of echo requests. Whether a secret was
/// read before is for the rules to tell. A body that is one whole gzip stream is read inflated.
[[nodiscard]] std::vector<UnexplainedPart> find_unexplained(
    const Evidence& evidence, const std::function<std::string(const std::string& file)>& read_kept);

}  // namespace skillaudit
