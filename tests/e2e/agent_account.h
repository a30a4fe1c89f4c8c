#pragma once

#include <string>
#include <vector>

#include "tests/e2e/account.h"
#include "tests/e2e/audited.h"

namespace skillaudit {

/// An account whose guests have an agent: its disk and templates are those of whoever runs the
/// tests, and are made when they are not there yet.
class AgentAccount : public Account {
 public:
  explicit AgentAccount(const std::string& agent);

  /// `skillaudit run SKILL --agent NAME OPTIONS`, its bundle in home().
  [[nodiscard]] Audited audit(const std::filesystem::path& skill,
                              const std::vector<std::string>& options = {}) const;
  /// As it is run by audit(), with `bundle` as its place.
  [[nodiscard]] CommandResult run_agent(const std::filesystem::path& skill,
                                        const std::vector<std::string>& options,
                                        const std::filesystem::path& bundle) const;

 private:
  std::string agent_;
  mutable int next_bundle_ = 1;
};

/// One line for each call that report.json lists: "Bash cat ~/x".
[[nodiscard]] std::vector<std::string> calls_in(const nlohmann::json& report);

}  // namespace skillaudit
