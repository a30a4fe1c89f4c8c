#pragma once

#include <array>
#include <string_view>

namespace skillaudit {

/// The parts of a report in which a rule's findings are shown, beside the list of all findings.
/// Each check of "System Modifications" and "Security Assessment" is one (reports/checks.cc).
enum class ReportSection {
  Execution,
  Files,
  TemporaryFiles,
  Packages,
  RunawayProcesses,
  OrphanedProcesses,
  BackgroundJobs,
  Services,
  Cron,
  Environment,
  Accounts,
  Mounts,
  Kernel,
  Boot,
  CredentialsSent,
  CredentialsRead,
  Evasion,
  RootAccess,
  Network,
  NetworkPolicy,  ///< what the audit itself kept the skill from
  Hosts,          ///< that a host was addressed, and no more
  Persistence,
  Protection,
  Traces,
  Agents,
  Model,
  Documentation,
  Portability,
};
inline constexpr std::size_t kSectionCount =
    static_cast<std::size_t>(ReportSection::Portability) + 1;

/// "temporary-files": as rules name it.
[[nodiscard]] constexpr std::string_view name_of(ReportSection section) {
  constexpr std::array<std::string_view, kSectionCount> kNames = {"execution",
                                                                  "files",
                                                                  "temporary-files",
                                                                  "packages",
                                                                  "runaway-processes",
                                                                  "orphaned-processes",
                                                                  "background-jobs",
                                                                  "services",
                                                                  "cron",
                                                                  "environment",
                                                                  "accounts",
                                                                  "mounts",
                                                                  "kernel",
                                                                  "boot",
                                                                  "credentials-sent",
                                                                  "credentials-read",
                                                                  "evasion",
                                                                  "root-access",
                                                                  "network",
                                                                  "network-policy",
                                                                  "hosts",
                                                                  "persistence",
                                                                  "protection",
                                                                  "traces",
                                                                  "agents",
                                                                  "model",
                                                                  "documentation",
                                                                  "portability"};
  return kNames[static_cast<std::size_t>(section)];
}

}  // namespace skillaudit
