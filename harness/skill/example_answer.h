#pragma once

#include <string_view>
#include <vector>

#include "harness/evidence/stub.h"

namespace skillaudit {

/// What a document shows as the answer of a service: the fields of each JSON object in a code
/// block, with their values, named as in expected_answers(). Each is of the host that the text
/// named last before the block; of any, where it named none. At most kMostExampleFields.
[[nodiscard]] std::vector<ExpectedField> example_answers(std::string_view markdown);

inline constexpr std::size_t kMostExampleFields = 100;

}  // namespace skillaudit
