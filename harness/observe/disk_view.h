#pragma once

#include <optional>

#include "harness/base/temp_dir.h"
#include "harness/disk/guest_disk.h"
#include "harness/machine/machine.h"

namespace skillaudit {

/// The disk of a guest that stands still for as long as this lives. Throws Error{Evidence} when
/// there is no ext4 file system on it that can be read: a partitioned disk, another file system.
class DiskView {
 public:
  explicit DiskView(Machine& machine);
  ~DiskView();
  DiskView(const DiskView&) = delete;
  DiskView& operator=(const DiskView&) = delete;

  [[nodiscard]] GuestDisk& disk() { return *disk_; }

 private:
  Machine& machine_;
  TempDir folder_;  ///< for the socket: private, with a short path
  std::optional<GuestDisk> disk_;
};

}  // namespace skillaudit
