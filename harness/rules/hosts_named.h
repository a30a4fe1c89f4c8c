#pragma once

#include <string>
#include <string_view>

#include "harness/consent/consent.h"
#include "harness/rules/rules.h"

namespace skillaudit {

/// How far the documents say that the skill talks to the host, whether to send or to fetch: the
/// better of the two. What the author declares beside the documents covers no host. `port` 0: any.
[[nodiscard]] Coverage host_named(const RuleInput&, std::string_view host, int port = 0);

/// Whether a client asks so: GET, HEAD, GraphQL, whose body may also change something.
[[nodiscard]] bool is_question(const Flow& flow);

/// A request without a body to a service's own host (not to one of its customers'), whose client a
/// document names in a code span or a command: "`gh secret` writes".
[[nodiscard]] bool is_question_to_service(const RuleInput& input, const Flow& flow);

/// Whether the documents name the host at all, so that a reader knows of it.
[[nodiscard]] bool is_host_named(const RuleInput&, std::string_view host, int port = 0);

/// How far the documents say that the skill reads the secret at the absolute `path`.
[[nodiscard]] Coverage secret_named(const RuleInput&, Verb, std::string_view path);

}  // namespace skillaudit
