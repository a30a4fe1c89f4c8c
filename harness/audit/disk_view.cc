#include "harness/audit/disk_view.h"

#include "harness/base/error.h"

namespace skillaudit {

DiskView::DiskView(Machine& machine) : machine_(machine) {
  machine_.pause();
  const std::filesystem::path socket = folder_.path() / "disk";
  try {
    machine_.export_disk(socket);
    disk_.emplace(nbd_source(socket, "disk"));
  } catch (const Error&) {
    machine_.end_export();
    machine_.resume();
    throw;
  }
}

DiskView::~DiskView() {
  disk_.reset();
  try {
    machine_.end_export();
    machine_.resume();
  } catch (const Error&) {
    // QEMU has died meanwhile: whoever uses the guest next is told.
  }
}

}  // namespace skillaudit
