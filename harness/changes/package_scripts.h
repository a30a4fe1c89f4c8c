#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/changes/changes.h"
#include "harness/changes/process_tree.h"

namespace skillaudit {

/// Names of the dpkg packages that came from mirrors: "jq" of ".../jq_1.6-2.1_amd64.deb".
[[nodiscard]] std::set<std::string, std::less<>> fetched_packages(const std::vector<Flow>& flows);

/// What maintainer scripts did while apt installed packages of the distribution.
///
/// A script counts where dpkg, as the system brought it, ran it below apt, for a package that came
/// from a mirror (or one that was there before, with its script as it was), and where nothing of
/// the skill's had root's rights meanwhile beside apt and what apt started: whoever has them could
/// write into the script, or beside it. Debian's package lists have no digests of the scripts; apt
/// verified the file that they came in.
class PackageScripts {
 public:
  /// Keeps references to both.
  PackageScripts(const Evidence& evidence, const ProcessTree& processes);

  /// The package whose script made the change: it was made while that script ran. Never of what
  /// lets somebody in or loads into every program: for those a script's word is not enough.
  [[nodiscard]] const std::string* behind(const FileChange& change) const;
  /// Whether scripts alone wrote to `path`, which the kernel watches.
  [[nodiscard]] bool alone_wrote(std::string_view path) const;

 private:
  struct Run {
    std::string package;
    ProcessTree::Process process = ProcessTree::kNobody;
    double from_s = 0;  ///< of the trace
    double to_s = 0;
  };
  [[nodiscard]] std::vector<Run> all_runs() const;
  [[nodiscard]] std::optional<Run> run_of(std::size_t exec) const;
  [[nodiscard]] bool is_trusted_script(const TraceEvent& exec, const std::string& package) const;
  /// The process of apt that a script ran below; kNobody: none.
  [[nodiscard]] ProcessTree::Process manager_of(std::size_t exec) const;
  [[nodiscard]] bool was_alone(ProcessTree::Process manager) const;
  [[nodiscard]] bool is_below_script(ProcessTree::Process process) const;
  [[nodiscard]] bool is_apts_own(std::size_t exec) const;

  const Evidence& evidence_;
  const ProcessTree& processes_;
  std::set<std::string, std::less<>> fetched_;
  std::vector<double> ended_s_;  ///< by process; the end of the trace where it did not exit
  std::vector<double> began_s_;
  std::vector<ProcessTree::Process> scripts_;  ///< that executed a maintainer script
  std::vector<Run> runs_;
};

}  // namespace skillaudit
