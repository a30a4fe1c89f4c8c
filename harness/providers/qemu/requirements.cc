#include "harness/providers/qemu/requirements.h"

namespace skillaudit {

const std::vector<Requirement>& qemu_programs() {
  static const std::vector<Requirement> list = {{"qemu-system-x86_64", "qemu-system-x86", "QEMU"},
                                                {"qemu-img", "qemu-utils", "QEMU's disk tools"},
                                                {"socat", "socat", "socat"},
                                                {"xorriso", "xorriso", "xorriso"}};
  return list;
}

const std::vector<Requirement>& image_programs() {
  static const std::vector<Requirement> list = {{"mmdebstrap", "mmdebstrap", "mmdebstrap"},
                                                {"mke2fs", "e2fsprogs", "mke2fs"}};
  return list;
}

}  // namespace skillaudit
