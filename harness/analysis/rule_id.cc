#include "harness/analysis/rule_id.h"

#include <algorithm>

namespace skillaudit {
namespace {

/// In the order of RuleId; std::array makes a missing or surplus name a compile error or an empty
/// name, which the tests look for.
constexpr std::array<std::string_view, kRuleCount> kNames = {
    "execution.failed",
    "execution.wrong-exit",
    "execution.hang",
    "execution.crash",
    "execution.step-not-run",
    "execution.error-output",
    "files.temp-left",
    "files.left-in-home",
    "files.left-in-skill-folder",
    "files.skill-changed-itself",
    "files.system-created",
    "files.user-data-overwritten",
    "files.project-modified",
    "files.user-config-modified",
    "files.system-modified",
    "files.project-deleted",
    "files.user-deleted",
    "files.important-deleted",
    "files.program-changed",
    "files.security-settings",
    "packages.undocumented-system",
    "packages.undocumented-global",
    "packages.removed",
    "packages.changed-version",
    "processes.left-running",
    "processes.orphan",
    "processes.runaway",
    "services.started",
    "services.installed",
    "services.existing-changed",
    "cron.added",
    "cron.existing-changed",
    "system.mount-left",
    "persistence.shell-startup",
    "persistence.autostart",
    "persistence.authorized-keys",
    "persistence.system-startup",
    "persistence.sudoers",
    "persistence.preload",
    "persistence.account",
    "persistence.root-account",
    "persistence.kernel-module",
    "permissions.world-writable",
    "permissions.too-strict",
    "permissions.setuid",
    "permissions.setuid-root",
    "permissions.system-file",
    "network.unexpected-host",
    "network.documented-host-blocked",
    "network.mirrors-closed",
    "network.plain-http",
    "network.raw-tunnel",
    "network.disguised-host",
    "network.listening",
    "network.direct-attempt",
    "network.dns-tunnel",
    "credentials.decoy-left-machine",
    "tampering.log-cleared",
    "tampering.witness-silenced",
    "tampering.file-hidden",
    "documentation.undocumented-dependency",
    "documentation.optional-dependency",
    "documentation.unused-package",
    "documentation.undocumented-host",
    "documentation.format",
    "portability.hard-coded-path",
};

}  // namespace

std::string_view name_of(RuleId id) { return kNames[static_cast<std::size_t>(id)]; }

std::optional<RuleId> rule_from_name(std::string_view name) {
  const auto* found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<RuleId>(found - kNames.begin());
}

}  // namespace skillaudit
