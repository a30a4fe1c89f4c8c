#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/evidence/trace.h"

namespace skillaudit {

/// What the guest's kernel is told to record, as rules of its audit system (auditctl(8)).
///
/// Each is narrow: an event costs the process that causes it some 50 microseconds under emulation,
/// and recording each open of a file made a run three times as long. A file is watched by its path,
/// which costs nothing when other files are opened.
struct KernelAuditOrder {
  std::string home;                         ///< of the guest's user
  std::vector<std::string> secrets;         ///< absolute paths of decoys
  std::vector<std::string> documents = {};  ///< absolute paths of documents with a canary
  std::vector<std::int64_t>
      guarded;  ///< processes of the audit, which other processes may not signal
};

struct KernelAuditRule {
  TraceKind kind = TraceKind::Exec;
  std::string blob;  ///< struct audit_rule_data of linux/audit.h, as AUDIT_ADD_RULE takes it
};

/// In the order in which they are added. Watches of places that do not exist are refused by the
/// kernel, and that is well.
[[nodiscard]] std::vector<KernelAuditRule> kernel_audit_rules(const KernelAuditOrder& order);

/// For each its size as four bytes, the lowest first, and the rule.
[[nodiscard]] std::string pack_rules(const std::vector<KernelAuditRule>& rules);

}  // namespace skillaudit
