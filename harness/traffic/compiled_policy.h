#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "harness/traffic/policy.h"

namespace skillaudit {

/// The policy as JSON, for filter/policy.py, which only evaluates it. This room alone knows the
/// syntax of rules, routes and models; the filter alone reads requests.
///
///     {"format": 1,
///      "rules": [{"text": "GET https://h.example/a*", "group": "user", "methods": ["GET", "HEAD"],
///                 "scheme": "https", "host": "h.example", "port": 443,
///                 "path": ["/a", ""], "decoded": ["/a", ""], "query": null}],
///      "routes": [{"host": "h.example", "port": 443, "to": ["127.0.0.1", 8443]}],
///      "models": [{"host", "port", "rules", "header", "prefix", "decoy", "endpoint"}],
///      "answers": {"everybody": false,
///                  "stubs": [{"request": as one of "rules",
///                             "replies": [{"status": 200, "headers": [["Name", "value"]],
///                                          "body": BASE64, "delay": SECONDS,
///                                          "failure": "none", "close" or "timeout"}]}],
///                  "expected": [["enabled", ""], ["api.example.com mode", "live"]]}}
///
///  - `methods`: null is any.
///  - `path`: the texts between the `*`, as a request must send them; `decoded`: the same of the
///    decoded pattern (url_path.h), which the decoded path of the request must match too.
///  - `query`: "?…" as a request must send it, "" for no query, null for any or none.
///  - `endpoint`: as `to`, or null.
///
/// Throws Error{Usage} for a model that check_model_hosts() refuses.
[[nodiscard]] std::string compile_policy(const Policy& policy);

/// One entry of `rules`. Those of a model open no query by a `*` at their end (model_host.h).
[[nodiscard]] nlohmann::json compile_rule(const Rule& rule, bool star_opens_query = true);

}  // namespace skillaudit
