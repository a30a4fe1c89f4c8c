#pragma once

#include <string>
#include <vector>

#include "reports/deeds.h"

namespace skillaudit {

/// What a person in a hurry reads below the verdict: what the skill did, worst first and few; whom
/// it contacted; how much of it ran. Every report for people shows the same.
[[nodiscard]] std::vector<Deed> telling_facts(const Evidence& evidence,
                                              const Assessment& assessment);

/// "deleted 6 of your files · contacted nobody · all 3 steps ran": printable, without backticks.
[[nodiscard]] std::string facts_in_a_line(const Evidence& evidence, const Assessment& assessment);

/// How much of the skill ran, alone.
[[nodiscard]] Deed what_ran(const Evidence& evidence, const Assessment& assessment);

}  // namespace skillaudit
