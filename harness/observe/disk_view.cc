#include "harness/observe/disk_view.h"

#include "harness/base/error.h"

namespace skillaudit {

namespace {

/// Also after an export that was never made. A QEMU that has died meanwhile is for whoever uses the
/// guest next to find.
void let_go(Machine& machine) {
  for (const auto step : {&Machine::end_export, &Machine::resume}) {
    try {
      (machine.*step)();
    } catch (const Error&) {
      continue;
    }
  }
}

}  // namespace

DiskView::DiskView(Machine& machine) : machine_(machine) {
  machine_.pause();
  const std::filesystem::path socket = folder_.path() / "disk";
  try {
    machine_.export_disk(socket);
    disk_.emplace(nbd_source(socket, "disk"));
  } catch (const Error&) {
    let_go(machine_);
    throw;
  }
}

DiskView::~DiskView() {
  disk_.reset();
  let_go(machine_);
}

}  // namespace skillaudit
