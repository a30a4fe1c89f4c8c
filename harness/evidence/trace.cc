#include "harness/evidence/trace.h"

#include <array>

namespace skillaudit {

std::string_view name_of(TraceKind kind) {
  static constexpr std::array<std::string_view, kTraceKinds> kNames = {
      "exec",          "exit",         "fork",    "connect",    "bind",     "secret-read",
      "document-read", "machine-read", "persist", "log-cut",    "setid",    "ptrace",
      "memfd",         "kernel-code",  "mount",   "namespace",  "io-uring", "clock",
      "kill",          "audit-config", "crash",   "raw-device", "raw-read", "handle-open",
      "packet-socket", "secret-change"};
  return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace skillaudit
