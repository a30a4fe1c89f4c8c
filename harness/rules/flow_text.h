#pragma once

#include <string>
#include <string_view>

#include "harness/evidence/flow.h"
#include "harness/rules/finding.h"

namespace skillaudit {

/// "https://host", "https://host:8443": raw bytes, the port where it is not the scheme's own.
[[nodiscard]] std::string origin_of(const Flow& flow);
/// "POST https://host/path"; "smtp://host:25" of what is no request.
[[nodiscard]] std::string asked_for(const Flow& flow);
/// "allowed", "blocked", or "answered here": the proxy answered, and nothing left this host.
[[nodiscard]] std::string_view decision_of(const Flow& flow);
/// "flows.jsonl#7": "POST https://host/path, blocked, sent 2.1 KiB".
[[nodiscard]] Citation cite_flow(const Flow& flow);

}  // namespace skillaudit
