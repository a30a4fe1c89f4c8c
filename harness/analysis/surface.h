#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "harness/analysis/assessment.h"
#include "harness/evidence/evidence.h"

namespace skillaudit {

/// What a release of a skill contacts and leaves behind, documented or not: what whoever
/// lets the next release in wants to hear of when it is new.
enum class SurfaceKind {
  Host,         ///< "https://api.example.org", "udp 192.0.2.1:53": addressed, allowed or not
  Package,      ///< "dpkg jq": installed and left
  Persistence,  ///< "unit system/x.service", "cron root: …", "file /home/u/.bashrc", "user eve"
  Listener,     ///< "tcp 0.0.0.0:8080"
  Privilege,    ///< "setuid /usr/local/bin/x"
};
inline constexpr std::array kSurfaceKinds = {SurfaceKind::Host, SurfaceKind::Package,
                                             SurfaceKind::Persistence, SurfaceKind::Listener,
                                             SurfaceKind::Privilege};
/// "hosts", "packages", …: the key in report.json.
[[nodiscard]] std::string_view name_of(SurfaceKind);

/// Names of each kind, by SurfaceKind; printable, sorted, each once.
struct Surface {
  std::array<std::vector<std::string>, kSurfaceKinds.size()> names;
  [[nodiscard]] const std::vector<std::string>& of(SurfaceKind kind) const {
    return names[static_cast<std::size_t>(kind)];
  }
  [[nodiscard]] std::vector<std::string>& of(SurfaceKind kind) {
    return names[static_cast<std::size_t>(kind)];
  }
};

/// What package managers fetch from their mirrors and what belongs to the agent is left out. Ports
/// that the kernel picks are "*".
[[nodiscard]] Surface surface_of(const Evidence& evidence, const Assessment& assessment);

}  // namespace skillaudit
