#include "harness/audit/requirements.h"

#include "harness/base/error.h"
#include "harness/base/process.h"
#include "harness/base/text.h"

namespace skillaudit {

std::vector<Requirement> audit_programs(const MachineProvider& provider) {
  std::vector<Requirement> programs = provider.requirements();
  programs.push_back({"mitmdump", "mitmproxy", "mitmproxy"});
  return programs;
}

void require_audit_programs(const MachineProvider& provider) {
  std::vector<std::string> programs;
  std::vector<std::string> packages;
  for (const Requirement& each : audit_programs(provider))
    if (find_program(each.program).empty()) {
      programs.push_back(each.program);
      packages.push_back(each.package);
    }
  if (programs.empty()) return;
  fail(ErrorKind::Environment, "{} {} not installed: apt-get install {}", join(programs, ", "),
       programs.size() == 1 ? "is" : "are", join(packages, " "));
}

}  // namespace skillaudit
