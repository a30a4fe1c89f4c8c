#pragma once

#include <map>
#include <string>
#include <string_view>

#include "harness/analysis/assessment.h"

namespace skillaudit {

/// What is the same in each audit of the same skill. Values differ within a run: those that would
/// not are numbered, in the order in which they are asked for.
class Fingerprints {
 public:
  /// Of the rule, the skill and the offenders, ignoring words that are random in each run: 32
  /// hexadecimal digits, ":" and a number.
  [[nodiscard]] std::string of(const Finding& finding, std::string_view skill);

 private:
  std::map<std::string, int> seen_;
};

/// A GUID that is always the same for the audit of these files at this time (version 5's form).
[[nodiscard]] std::string audit_guid(std::string_view skill, std::string_view sha256_of_files,
                                     std::string_view started_at);

}  // namespace skillaudit
