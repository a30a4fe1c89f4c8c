#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/evidence/skill.h"

namespace skillaudit {

/// What has the form of a credential in a text: tokens told by their prefix, JSON Web Tokens,
/// private keys, chat webhooks. Not what an author writes in their place: "AKIAIOSFODNN7EXAMPLE",
/// "ghp_xxxx…", "sk-ant-...", "<token>". A fact shows at most the first six characters of one.
/// Linear in the text, whatever it holds. `file` of the results is left empty.
[[nodiscard]] std::vector<StaticFact> secrets_in(std::string_view text);

/// The same for all texts of a skill.
[[nodiscard]] std::vector<StaticFact> find_secrets(const std::vector<SkillText>& texts);

}  // namespace skillaudit
