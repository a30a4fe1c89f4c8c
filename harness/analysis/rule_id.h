#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace skillaudit {

/// Every rule that can take points. What a rule looks for is code (harness/analysis/rules_*.cc);
/// what it costs, and what it says, stands in reports/rubric.yaml under the same id. load_rubric()
/// refuses a rubric that lacks one of these or has another.
enum class RuleId {
  ExecutionFailed,
  ExecutionWrongExit,
  ExecutionHang,
  ExecutionCrash,
  ExecutionStepNotRun,
  ExecutionErrorOutput,
  FilesTempLeft,
  FilesLeftInHome,
  FilesLeftInSkillFolder,
  FilesSkillChangedItself,
  FilesSystemCreated,
  FilesUserDataOverwritten,
  FilesProjectModified,
  FilesUserConfigModified,
  FilesSystemModified,
  FilesProjectDeleted,
  FilesUserDeleted,
  FilesImportantDeleted,
  FilesProgramChanged,
  FilesSecuritySettings,
  PackagesUndocumentedSystem,
  PackagesUndocumentedGlobal,
  PackagesRemoved,
  PackagesChangedVersion,
  ProcessesLeftRunning,
  ProcessesOrphan,
  ProcessesRunaway,
  ServicesStarted,
  ServicesInstalled,
  ServicesExistingChanged,
  CronAdded,
  CronExistingChanged,
  SystemMountLeft,
  PersistenceShellStartup,
  PersistenceAutostart,
  PersistenceAuthorizedKeys,
  PersistenceSystemStartup,
  PersistenceSudoers,
  PersistencePreload,
  PersistenceAccount,
  PersistenceRootAccount,
  PersistenceKernelModule,
  PermissionsWorldWritable,
  PermissionsTooStrict,
  PermissionsSetuid,
  PermissionsSetuidRoot,
  PermissionsSystemFile,
  NetworkUnexpectedHost,
  NetworkDocumentedHostBlocked,
  NetworkMirrorsClosed,
  NetworkPlainHttp,
  NetworkRawTunnel,
  NetworkDisguisedHost,
  NetworkListening,
  NetworkDirectAttempt,
  NetworkDnsTunnel,
  CredentialsDecoyLeftMachine,
  TamperingLogCleared,
  TamperingWitnessSilenced,
  TamperingFileHidden,
  DocumentationUndocumentedDependency,
  DocumentationOptionalDependency,
  DocumentationUnusedPackage,
  DocumentationUndocumentedHost,
  DocumentationFormat,
  PortabilityHardCodedPath,
};

inline constexpr std::size_t kRuleCount =
    static_cast<std::size_t>(RuleId::PortabilityHardCodedPath) + 1;

/// "network.unexpected-host": the id as it stands in the rubric and in a report.
[[nodiscard]] std::string_view name_of(RuleId);
[[nodiscard]] std::optional<RuleId> rule_from_name(std::string_view);

}  // namespace skillaudit
