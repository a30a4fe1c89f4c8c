#pragma once

#include <set>
#include <string>

#include "harness/evidence/evidence.h"

namespace skillaudit {

/// Hosts from which the guest's package managers were set up to fetch before the skill ran: those
/// of its apt sources, of the configuration of npm and pip, and those that the audit opened as
/// mirrors.
[[nodiscard]] std::set<std::string> mirror_hosts(const Evidence& evidence);

/// Whether a package manager caused the flow: it went to a mirror, by what a package manager asks
/// there (a read; npm's audit of what it installs), and says that one sent it. The user agent alone
/// is the guest's to forge, so it proves nothing about another host.
[[nodiscard]] bool is_package_flow(const Flow& flow, const std::set<std::string>& mirrors);

}  // namespace skillaudit
