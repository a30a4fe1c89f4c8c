#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace skillaudit {

/// What an effect of a report is about. Those that conditions ask about have ObjectKind's names.
enum class EffectKind {
  File,
  Permissions,
  Program,
  Package,
  Unit,
  CronJob,
  Account,
  Mount,
  KernelModule,
  Process,
  Listener,
  GitSetting,
  SshSetting,
  Command,   ///< what ran, by the name that a person would call it
  Host,      ///< "https://api.example.org", "udp 192.0.2.1:53", "name a.example.org"
  Secret,    ///< a credential of the user's, or the password hashes
  Document,  ///< a document, note, source or history of the user's
  Data,      ///< what was sent and nothing visible explains
  Frame,     ///< whole frames of the network
  Kernel,    ///< the running kernel
  Machine,   ///< as a whole
  Disk,      ///< as a device
  Log,
  Clock,
  Monitor,  ///< who watches
};
inline constexpr std::size_t kEffectKindCount = static_cast<std::size_t>(EffectKind::Monitor) + 1;
inline constexpr std::array<std::string_view, kEffectKindCount> kEffectKindNames = {
    "file",  "permissions",   "program",  "package",  "unit",        "cron-job",    "account",
    "mount", "kernel-module", "process",  "listener", "git-setting", "ssh-setting", "command",
    "host",  "secret",        "document", "data",     "frame",       "kernel",      "machine",
    "disk",  "log",           "clock",    "monitor"};
/// "cron-job": as rules and report.json name it.
[[nodiscard]] constexpr std::string_view name_of(EffectKind kind) {
  return kEffectKindNames[static_cast<std::size_t>(kind)];
}

}  // namespace skillaudit
