#include "harness/audit/environment.h"

#include "harness/base/version.h"

namespace skillaudit {

Environment describe(Sandbox& sandbox, const std::string& network, const std::string& skill_dir) {
  const MachineFacts& facts = sandbox.machine().facts();
  return {.skillaudit_version = kVersion,
          .os = facts.os,
          .kernel = facts.kernel,
          .accelerator = facts.accelerator,
          .hypervisor = facts.hypervisor,
          .hypervisor_version = facts.hypervisor_version,
          .image = sandbox.image().name + " " + sandbox.image().id,
          .cpus = facts.cpus,
          .memory_mib = facts.memory_mib,
          .disk_mib = facts.disk_mib,
          .guest_user = facts.account.user,
          .guest_home = facts.account.home,
          .addresses = facts.network,
          .skill_dir = skill_dir,
          .network = network,
          .rules = rule_lines(sandbox.policy()),
          .files_seen_from = sandbox.base().disk_readable && facts.can.disk ? "disk" : "guest"};
}

}  // namespace skillaudit
