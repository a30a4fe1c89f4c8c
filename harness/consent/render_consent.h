#pragma once

#include <string>

#include "harness/consent/consent.h"

namespace skillaudit {

/// What a skill's documents excuse, statement by statement, for a terminal: the place, the text,
/// what it covers, and why it covers nothing where that is so. Safe to show.
[[nodiscard]] std::string render_consent(const Consent& consent);

/// "may read, create ~/notes", "does not cover sending to h: it is denied".
[[nodiscard]] std::string text_of(const ConsentClaim& claim);

}  // namespace skillaudit
