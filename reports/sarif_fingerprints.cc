#include "reports/sarif_fingerprints.h"

#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "harness/base/hash.h"
#include "harness/changes/drawn_words.h"

namespace skillaudit {

std::string Fingerprints::of(const Finding& finding, std::string_view skill) {
  std::vector<std::string> offenders;
  for (const std::string& subject : finding.subjects)
    offenders.push_back(without_drawn_words(subject));
  if (offenders.empty()) offenders.push_back(without_drawn_words(finding.title));
  std::sort(offenders.begin(), offenders.end());
  std::string key = fmt::format("{}\n{}", finding.rule, skill);
  for (const std::string& offender : offenders) key += "\n" + offender;
  const std::string digest = sha256(key).substr(0, 32);
  return fmt::format("{}:{}", digest, ++seen_[digest]);
}

std::string audit_guid(std::string_view skill, std::string_view sha256_of_files,
                       std::string_view started_at) {
  const std::string d = sha256(fmt::format("{}\n{}\n{}", skill, sha256_of_files, started_at));
  return fmt::format("{}-{}-5{}-a{}-{}", d.substr(0, 8), d.substr(8, 4), d.substr(12, 3),
                     d.substr(15, 3), d.substr(18, 12));
}

}  // namespace skillaudit
