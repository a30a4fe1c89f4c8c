#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "harness/cli/gate_options.h"
#include "harness/gate/gate.h"
#include "reports/report_bundle.h"

namespace skillaudit {

/// A report.json, or the bundle that contains it (then the evidence is verified and graded again).
/// `rubric`: by which a bundle is graded; a report.json was graded when it was written. Throws
/// Error{Usage} if the path does not exist, Error{Skill} for an incomplete report.
[[nodiscard]] Release load_release(const std::filesystem::path& path, const Rubric& rubric);

/// A gate that has read all of its files.
class LoadedGate {
 public:
  /// `rubric`: whose rules the files may name, and by which the baselines are graded.
  /// `news_fail`: anything new since the baseline fails, unless --fail-on-new or `fail_on_new:`
  /// says otherwise. Throws what the readers of the files throw, and Error{Usage} for a missing
  /// file, an unknown kind or an invalid date.
  LoadedGate(const GateOptions& options, std::shared_ptr<const Rubric> rubric, bool news_fail);

  /// By the rubric that the audit was assessed by. Throws Error{Skill} if there are baselines but
  /// none for the audit's skill, and for a second skill with the same name and other files: an
  /// acceptance for one would apply to both.
  [[nodiscard]] GateResult pass(const AuditResult& audit);

  /// Call it after all audits. Throws Error{Skill} for a baseline that was not compared with any of
  /// them.
  void require_baselines_used() const;

  /// Whether it asks how many of a skill's lines ran.
  [[nodiscard]] bool asks_for_lines() const { return rules_.policy.coverage.has_value(); }

  [[nodiscard]] const Rubric& rubric() const { return *rubric_; }

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
  std::shared_ptr<const Rubric> rubric_;
  std::vector<Baseline> baselines_;
  std::map<std::string, std::string> seen_;  ///< SHA-256 of each skill's files, by its name
};

/// The results of the gate for several audits.
struct GateAnswer {
  std::vector<GateResult> results;
  std::vector<std::string> stale;  ///< as of stale_acceptances()
  int exit_code = 0;               ///< the worst
};
/// Judges the bundles one after the other, and checks that each baseline was used.
[[nodiscard]] GateAnswer pass_all(LoadedGate& gate,
                                  const std::vector<std::filesystem::path>& bundles);

/// Prints for a person; unused acceptances go to stderr.
void print(const GateAnswer& answer);

}  // namespace skillaudit
