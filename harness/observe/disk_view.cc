#include "harness/observe/disk_view.h"

#include "harness/base/error.h"

namespace skillaudit {

DiskView::DiskView(Machine& machine) : machine_(machine) {
  const std::filesystem::path socket = folder_.path() / "disk";
  try {
    machine_.freeze_disk(socket);
    disk_.emplace(nbd_source(socket, Machine::kDiskExport));
  } catch (const Error&) {
    machine_.thaw_disk();
    throw;
  }
}

DiskView::~DiskView() {
  disk_.reset();
  machine_.thaw_disk();
}

}  // namespace skillaudit
