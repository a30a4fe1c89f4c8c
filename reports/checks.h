#pragma once

#include <string>
#include <vector>

#include "harness/analysis/finding.h"

namespace skillaudit {

/// One line of "System Modifications" or "Security Assessment": a claim and what it rests on. A
/// claim that no witness supports says "not observed".
struct Check {
  std::string mark;                ///< "✅", "⚠️", "❌", "ℹ️", "❔"
  std::string text;                ///< Markdown
  std::vector<std::string> items;  ///< Markdown
};

[[nodiscard]] std::vector<Check> system_checks(const Evidence& evidence,
                                               const Assessment& assessment);
[[nodiscard]] std::vector<Check> security_checks(const Evidence& evidence,
                                                 const Assessment& assessment);
/// One sentence for each thing that no witness of this audit could have seen, and for each gap in
/// what its witnesses saw: Markdown.
[[nodiscard]] std::vector<std::string> not_seen(const Evidence& evidence);

}  // namespace skillaudit
