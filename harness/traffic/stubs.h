#pragma once

#include <vector>

#include "harness/base/error.h"
#include "harness/traffic/answers.h"

namespace skillaudit {

/// The stubs with their requests read as rules. Throws Error{blame} that starts with the stub's
/// place for a request that parse_rule() refuses.
[[nodiscard]] std::vector<Stub> stubs_of(const std::vector<GivenStub>& given, ErrorKind blame);

}  // namespace skillaudit
