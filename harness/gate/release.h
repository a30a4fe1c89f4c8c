#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/analysis/outcome.h"
#include "harness/effects/capabilities.h"

namespace skillaudit {

/// The schema version of the report.json that this program writes and compares.
inline constexpr int kReportVersion = 5;
/// The oldest one that it compares. Version 2 had texts for gaps, which no comparison reads; up to
/// version 4 there were the first kFirstCapabilityKinds kinds of capabilities alone, as `surface`.
inline constexpr int kOldestReportVersion = 2;

/// A release of a skill as its report tells of it: what the next release is compared with.
struct Release {
  std::string skill;       ///< its name
  std::string sha256;      ///< of its files
  std::string started_at;  ///< of the audit
  Outcome outcome;
  SkillCapabilities capabilities;
  /// How many kinds its report has: no other is compared.
  std::size_t kinds = kCapabilityKinds.size();
};

/// `capabilities`: capabilities_of() the two.
[[nodiscard]] Release release_of(const Evidence& evidence, const Assessment& assessment,
                                 SkillCapabilities capabilities);
[[nodiscard]] Release release_of(const Evidence& evidence, const Assessment& assessment);

/// Reads a report.json. `name` is what messages call it. Throws Error{Skill} for what is no report,
/// or one of another schema version.
[[nodiscard]] Release read_release(std::string_view report, std::string_view name);

/// What is in one release and not in the other.
struct ReleaseDiff {
  struct Item {
    std::string kind;  ///< a CapabilityKind's name, or "findings"
    std::string name;  ///< printable
    bool operator==(const Item&) const = default;
  };
  struct Score {
    std::string axis;              ///< "security", or "overall"
    std::optional<double> before;  ///< none: not assessed
    std::optional<double> after;
    [[nodiscard]] bool fell() const { return before && (!after || *after < *before); }
  };
  Release before;
  Release after;
  std::vector<Item> added;
  std::vector<Item> gone;
  std::vector<Score> scores;  ///< that are not the same
  /// For each of after.outcome.findings: whether `before` does not have it.
  std::vector<bool> new_findings;

  [[nodiscard]] bool empty() const { return added.empty() && gone.empty() && scores.empty(); }
};

/// Throws Error{Skill} when the two are of skills with different names.
[[nodiscard]] ReleaseDiff compare(Release before, Release after);

/// The scores that are not the same, "overall" first.
[[nodiscard]] std::vector<ReleaseDiff::Score> score_changes(const Outcome& before,
                                                            const Outcome& after);

/// What a gate has against the newer release, by kind (kinds_of_news()): a host, package, … or
/// finding that is new, a score that fell: "new host: https://x". Empty: nothing is worse.
struct News {
  std::string kind;
  std::string sentence;
};
[[nodiscard]] std::vector<News> what_is_new(const ReleaseDiff& diff);

}  // namespace skillaudit
