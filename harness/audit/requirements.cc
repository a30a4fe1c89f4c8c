#include "harness/audit/requirements.h"

#include "harness/base/error.h"
#include "harness/base/process.h"
#include "harness/base/text.h"

namespace skillaudit {

const std::vector<Requirement>& audit_programs() {
  static const std::vector<Requirement> list = {{"qemu-system-x86_64", "qemu-system-x86", "QEMU"},
                                                {"qemu-img", "qemu-utils", "QEMU's disk tools"},
                                                {"mitmdump", "mitmproxy", "mitmproxy"},
                                                {"socat", "socat", "socat"},
                                                {"xorriso", "xorriso", "xorriso"}};
  return list;
}

const std::vector<Requirement>& image_programs() {
  static const std::vector<Requirement> list = {{"mmdebstrap", "mmdebstrap", "mmdebstrap"},
                                                {"mke2fs", "e2fsprogs", "mke2fs"}};
  return list;
}

void require_audit_programs() {
  std::vector<std::string> programs;
  std::vector<std::string> packages;
  for (const Requirement& each : audit_programs())
    if (find_program(each.program).empty()) {
      programs.push_back(each.program);
      packages.push_back(each.package);
    }
  if (programs.empty()) return;
  fail(ErrorKind::Environment, "{} {} not installed: apt-get install {}", join(programs, ", "),
       programs.size() == 1 ? "is" : "are", join(packages, " "));
}

}  // namespace skillaudit
