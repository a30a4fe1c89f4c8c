#include "harness/providers/default_provider.h"

#include "harness/base/file.h"
#include "harness/providers/qemu/qemu_provider.h"

namespace skillaudit {

MachineProvider& default_provider() {
  static QemuProvider provider(cache_dir());
  return provider;
}

}  // namespace skillaudit
