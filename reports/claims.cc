#include "reports/claims.h"

#include <algorithm>

#include "harness/base/error.h"

namespace skillaudit {
namespace {

const std::vector<Claim> kClaims = {
    {ReportSection::TemporaryFiles,
     {Table::Files},
     "No temporary files left behind",
     "Found leftover temp files in /tmp",
     "Temporary files: not observed"},
    {ReportSection::CredentialsSent,
     {GapSource::Flows, GapSource::Wire, GapSource::DecoySearch},
     "No decoy credential was found in anything that was sent",
     "Credentials were sent out",
     "Credentials sent out: not observed"},
    {ReportSection::Boot,
     {Table::Files},
     "No file that is read at boot was changed",
     "The VM no longer boots",
     "The next boot: not observed"},
    {ReportSection::Network,
     {GapSource::Flows, GapSource::Wire},
     "No unexpected host was contacted, through the proxy or bypassing it",
     "Suspicious network activity",
     "Network activity: not observed"},
    {ReportSection::Services,
     {Table::Units},
     "No systemd services or timers added",
     "Services or timers were added or changed",
     "Services and timers: not observed"},
    {ReportSection::Cron,
     {Table::Cron},
     "No cron jobs created",
     "Cron jobs were created or changed",
     "Cron jobs: not observed"},
    {ReportSection::Environment,
     {Table::Config},
     "No environment variables or start-up files modified",
     "Environment or start-up files were modified",
     "Environment and start-up files: not observed"},
    {ReportSection::Accounts,
     {Table::Users},
     "No accounts or group memberships changed",
     "Accounts were changed",
     "Accounts: not observed"},
    {ReportSection::Mounts,
     {Table::Mounts},
     "No file systems left mounted",
     "File systems were left mounted",
     "Mounts: not observed"},
    {ReportSection::Kernel,
     {Table::KernelModules},
     "No kernel modules loaded",
     "Kernel modules were loaded",
     "Kernel modules: not observed"},
    {ReportSection::CredentialsRead,
     {GapSource::Trace},
     "No user credentials and no password hashes were read without need",
     "Credentials or password hashes were read",
     "Reads of credentials: not observed, or incomplete"},
    {ReportSection::Evasion,
     {GapSource::Trace},
     "No privileges gained, no monitoring evasion",
     "Privileges were gained, or monitoring was evaded",
     "Activity of processes: not observed, or incomplete"},
    {ReportSection::RootAccess,
     {Table::Files},
     "No new setuid programs, no changes to sudo or root access",
     "Ways to gain privileges were left behind",
     "Privileges: not observed"},
    {ReportSection::Persistence,
     {Table::Files},
     "No persistence was added",
     "Persistence was added",
     "Persistence: not observed"},
    {ReportSection::Protection,
     {Table::Files},
     "No programs replaced, no security settings or permissions weakened",
     "Programs, security settings or permissions were changed",
     "Programs and settings: not observed"},
    {ReportSection::Traces,
     {Table::Files},
     "No logs cleared, no monitoring stopped, no file or process hidden",
     "Logs were cleared, monitoring was stopped, or something was hidden",
     "Logs: not observed"},
    {ReportSection::Agents,
     {Table::Files},
     "No agent settings, agent instructions or other skills changed",
     "Agent settings or other skills were changed",
     "Agent settings: not observed"}};

}  // namespace

const Claim& claim_of(ReportSection section) {
  const auto found = std::find_if(kClaims.begin(), kClaims.end(),
                                  [&](const Claim& each) { return each.section == section; });
  if (found == kClaims.end())
    fail(ErrorKind::Internal, "the section {} of a report is no check", name_of(section));
  return *found;
}

}  // namespace skillaudit
