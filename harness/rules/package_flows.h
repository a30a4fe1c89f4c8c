#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/rules/rules.h"

namespace skillaudit {

/// Tells requests of package managers from those that only look like them: a User-Agent is the
/// guest's to choose.
class PackageFlows {
 public:
  explicit PackageFlows(const RuleInput& input);

  /// A package manager of the system, as it was before the run, asked a mirror for something that
  /// the mirror has. Without a trace the User-Agent has to do.
  [[nodiscard]] bool is_of_manager(const Flow& flow) const;
  /// The host of apt's sources, of npm's or pip's configuration, or one that the audit opened.
  [[nodiscard]] bool is_mirror(const std::string& host) const { return mirrors_.contains(host); }
  /// Something to a mirror that is no package manager's, and carries what no visible text explains.
  [[nodiscard]] bool carries_data(const Flow& flow) const;

 private:
  struct Connection {
    double time_s = 0;
    bool of_manager = false;
  };
  [[nodiscard]] bool was_asked_by_manager(const Flow& flow) const;

  const RuleInput& input_;
  std::set<std::string> mirrors_;
  std::vector<Connection> connections_;  ///< to the proxy, in the order of the kernel
  std::vector<double> others_;           ///< when flows to hosts that are no mirrors were decided
  std::map<Source, std::size_t> unexplained_;  ///< bytes by flow
  std::map<Source, std::size_t> asked_for_;    ///< those of its path and query
};

}  // namespace skillaudit
