#pragma once

#include <string_view>

#include "harness/consent/consent.h"
#include "harness/rules/rules.h"

namespace skillaudit {

/// Whether the flow took a credential to the service that it is for: a GitHub token to GitHub, a
/// password of .netrc to its machine, or a variable to the host that a document pairs it with, or
/// to the domain whose name it begins with. Over TLS, and with no other host named in the request.
/// `decoy` is Decoy::name.
[[nodiscard]] bool is_own_service(const RuleInput&, std::string_view decoy, const Flow& flow);

/// How far the documents name that the credential is used there.
[[nodiscard]] Coverage use_named(const RuleInput&, std::string_view decoy, const Flow& flow);

}  // namespace skillaudit
