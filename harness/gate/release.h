#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/analysis/outcome.h"
#include "harness/analysis/surface.h"

namespace skillaudit {

/// A release of a skill as its report tells of it: what the next release is compared with.
struct Release {
  std::string skill;       ///< its name
  std::string sha256;      ///< of its files
  std::string started_at;  ///< of the audit
  Outcome outcome;
  Surface surface;
  std::vector<std::string> gaps;  ///< what was not observed: its absence is no news
};

[[nodiscard]] Release release_of(const Evidence& evidence, const Assessment& assessment);

/// Reads a report.json. `name` is what messages call it. Throws Error{Skill} for what is no report,
/// or one of another schema version.
[[nodiscard]] Release read_release(std::string_view report, std::string_view name);

/// What is in one release and not in the other.
struct ReleaseDiff {
  struct Item {
    std::string kind;  ///< a SurfaceKind's name, or "findings"
    std::string name;  ///< printable
  };
  struct Score {
    std::string axis;  ///< "security", or "overall"
    std::optional<double> before;
    std::optional<double> after;
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

/// The sentences that a gate has against the newer release: a host, package, … that is new, a score
/// that fell, a verdict that is worse. Empty: nothing is worse.
[[nodiscard]] std::vector<std::string> what_is_new(const ReleaseDiff& diff);

}  // namespace skillaudit
