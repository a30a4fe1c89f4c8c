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
     "No decoy credential was seen in anything that was sent",
     "Credentials were sent out",
     "Credentials sent out: not observed"},
    {ReportSection::Boot,
     {Table::Files},
     "Nothing that a boot reads was changed",
     "The machine does not boot any more",
     "The next boot: not observed"},
    {ReportSection::Network,
     {GapSource::Flows, GapSource::Wire},
     "No unexpected host was addressed, through the proxy or past it",
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
     "No credential of the user and no password hash was read without need",
     "Credentials or password hashes were read",
     "Reads of credentials: not observed, or not to the end"},
    {ReportSection::Evasion,
     {GapSource::Trace},
     "No rights gained, no way taken around those who watch",
     "Rights were gained, or those who watch were evaded",
     "What processes did: not observed, or not to the end"},
    {ReportSection::RootAccess,
     {Table::Files},
     "No new setuid programs, no change of who may become root",
     "Means to gain privileges were left",
     "Privileges: not observed"},
    {ReportSection::Persistence,
     {Table::Files},
     "Nothing was made to come back by itself",
     "Something was made to come back by itself",
     "Persistence: not observed"},
    {ReportSection::Protection,
     {Table::Files},
     "No programs, protective settings or permissions weakened",
     "Programs, protective settings or permissions were changed",
     "Programs and settings: not observed"},
    {ReportSection::Traces,
     {Table::Files},
     "No logs cleared, no witness stopped, no file or process hidden",
     "Traces were removed or hidden",
     "Logs: not observed"},
    {ReportSection::Agents,
     {Table::Files},
     "No agent's settings or instructions and no other skill changed",
     "An agent's settings or another skill were changed",
     "Agents' settings: not observed"}};

}  // namespace

const Claim& claim_of(ReportSection section) {
  const auto found = std::find_if(kClaims.begin(), kClaims.end(),
                                  [&](const Claim& each) { return each.section == section; });
  if (found == kClaims.end())
    fail(ErrorKind::Internal, "the section {} of a report is no check", name_of(section));
  return *found;
}

}  // namespace skillaudit
