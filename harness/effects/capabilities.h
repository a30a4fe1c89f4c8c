#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "harness/effects/effects.h"

namespace skillaudit {

/// What a release of a skill does to a machine, documented or not: what whoever lets the next
/// release in wants to hear of when it is new.
enum class CapabilityKind {
  Host,         ///< "https://api.example.org", "udp 192.0.2.1:53": addressed, allowed or not
  Package,      ///< "dpkg jq": installed and left
  Persistence,  ///< "unit system/x.service", "cron root: …", "file /home/u/.bashrc", "user eve"
  Listener,     ///< "tcp 0.0.0.0:8080"
  Privilege,    ///< "setuid /usr/local/bin/x"
  Read,         ///< secrets and documents of the user's that it opened, by path
  Delete,       ///< files that were there before, by path
  Run,          ///< commands, by the name that a person would call them
  AsksFor,      ///< "stay notes.timer": what its documents name exactly
};
inline constexpr std::array kCapabilityKinds = {
    CapabilityKind::Host,     CapabilityKind::Package,   CapabilityKind::Persistence,
    CapabilityKind::Listener, CapabilityKind::Privilege, CapabilityKind::Read,
    CapabilityKind::Delete,   CapabilityKind::Run,       CapabilityKind::AsksFor};
/// Those that reports of schema version 4 and older have, as `surface`.
inline constexpr std::size_t kFirstCapabilityKinds = 5;
/// "hosts", "packages", …: the key in report.json.
[[nodiscard]] std::string_view name_of(CapabilityKind);

/// Names of each kind, by CapabilityKind; printable, sorted, each once.
struct SkillCapabilities {
  std::array<std::vector<std::string>, kCapabilityKinds.size()> names;
  /// Those of each kind that have no name here, because there are too many.
  std::array<std::size_t, kCapabilityKinds.size()> omitted{};
  [[nodiscard]] const std::vector<std::string>& of(CapabilityKind kind) const {
    return names[static_cast<std::size_t>(kind)];
  }
  [[nodiscard]] std::vector<std::string>& of(CapabilityKind kind) {
    return names[static_cast<std::size_t>(kind)];
  }
};

/// What package managers fetch from their mirrors and what belongs to the agent is left out. Ports
/// that the kernel picks, and words that are random in each run, are "*".
/// `effects`: effects_of() the two.
[[nodiscard]] SkillCapabilities capabilities_of(const Evidence& evidence,
                                                const Assessment& assessment,
                                                const SkillEffects& effects);
[[nodiscard]] SkillCapabilities capabilities_of(const Evidence& evidence,
                                                const Assessment& assessment);

}  // namespace skillaudit
