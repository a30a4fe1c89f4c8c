#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/cli/gate_options.h"
#include "harness/gate/gate.h"
#include "reports/report_bundle.h"

namespace skillaudit {

/// A report.json, or the bundle that contains it (whose evidence is verified and graded again).
/// Throws Error{Usage} where there is nothing, Error{Skill} for what is no whole report.
[[nodiscard]] Release load_release(const std::filesystem::path& path);

/// A gate with all of its files read.
class LoadedGate {
 public:
  /// `news_fail`: without --fail-on-new and `fail_on_new:`, what is new since the baseline fails.
  /// Throws as the readers of the files do, Error{Usage} for a file that is not there, a kind or
  /// invalid date.
  LoadedGate(const GateOptions& options, bool news_fail);

  /// Throws Error{Skill} where there are baselines and none is of the audit's skill, and for a
  /// second skill of that name with other files: what is accepted of one would be accepted of both.
  [[nodiscard]] GateResult pass(const AuditResult& audit);

  /// After all audits: Error{Skill} for a baseline that none of them was compared with.
  void require_baselines_used() const;

  [[nodiscard]] std::vector<std::string> stale(const std::vector<GateResult>& results) const {
    return stale_acceptances(rules_.accepted, results, rules_.today);
  }

 private:
  struct Baseline {
    std::string path;
    Release release;
    bool used = false;
  };

  GateRules rules_;
  Rubric rubric_;
  std::vector<Baseline> baselines_;
  std::map<std::string, std::string> seen_;  ///< SHA-256 of each skill's files, by its name
};

/// What a gate said of several audits.
struct GateAnswer {
  std::vector<GateResult> results;
  std::vector<std::string> stale;  ///< as of stale_acceptances()
  int exit_code = 0;               ///< the worst
};
/// Puts the bundles through, one after the other, and checks that each baseline was of use.
[[nodiscard]] GateAnswer pass_all(LoadedGate& gate,
                                  const std::vector<std::filesystem::path>& bundles);

/// For a person: what is stale goes to stderr.
void print(const GateAnswer& answer);

}  // namespace skillaudit
