#include "harness/rules/rule_code.h"

namespace skillaudit {

// Each is in the file that is named after it.
RuleCode account_code();
RuleCode agent_call_code();
RuleCode attribute_code();
RuleCode boot_code();
RuleCode contradicted_code();
RuleCode credential_code();
RuleCode decoy_copy_code();
RuleCode deleted_program_code();
RuleCode dependence_code();
RuleCode documentation_code();
RuleCode documents_sent_code();
RuleCode download_code();
RuleCode execution_code();
RuleCode kernel_setting_code();
RuleCode machine_code();
RuleCode miner_code();
RuleCode network_code();
RuleCode portability_code();
RuleCode port_code();
RuleCode static_code();
RuleCode tampering_code();
RuleCode times_code();
RuleCode trace_access_code();
RuleCode trace_credential_code();
RuleCode trace_download_code();
RuleCode trace_evasion_code();
RuleCode trace_persistence_code();
RuleCode trace_privilege_code();
RuleCode trace_tampering_code();
RuleCode trace_waiting_code();
RuleCode unexplained_code();
RuleCode wire_code();

const std::vector<RuleCode>& rule_code() {
  static const std::vector<RuleCode> all = {account_code(),
                                            agent_call_code(),
                                            attribute_code(),
                                            boot_code(),
                                            contradicted_code(),
                                            credential_code(),
                                            decoy_copy_code(),
                                            deleted_program_code(),
                                            dependence_code(),
                                            documentation_code(),
                                            documents_sent_code(),
                                            download_code(),
                                            execution_code(),
                                            kernel_setting_code(),
                                            machine_code(),
                                            miner_code(),
                                            network_code(),
                                            portability_code(),
                                            port_code(),
                                            static_code(),
                                            tampering_code(),
                                            times_code(),
                                            trace_access_code(),
                                            trace_credential_code(),
                                            trace_download_code(),
                                            trace_evasion_code(),
                                            trace_persistence_code(),
                                            trace_privilege_code(),
                                            trace_tampering_code(),
                                            trace_waiting_code(),
                                            unexplained_code(),
                                            wire_code()};
  return all;
}

}  // namespace skillaudit
