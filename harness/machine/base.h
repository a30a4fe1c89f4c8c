#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/file.h"
#include "harness/snapshot/capture.h"

namespace skillaudit {

/// What the work of the first boot found (first_boot_work.h).
struct BaseState {
  RawSnapshot snapshot;              ///< the guest's state at the end
  std::string digests;               ///< table "digests" of its files; empty: not known
  std::vector<std::string> control;  ///< paths that changed while nothing ran
  bool disk_readable = false;        ///< its file system can be read from outside
};

/// A guest in which no skill has run, known from its own first boot: what a machine starts from. No
/// skill ever sees its keys in force; a machine gets new ones before anything else happens.
struct MachineBase {
  /// Holds what the provider knows of it. Whoever learns something that is true of every machine
  /// with this base may add a file.
  std::filesystem::path folder;
  std::string os;      ///< "Debian GNU/Linux 12 (bookworm)"
  std::string kernel;  ///< uname -r
  std::string host_public_key;
  std::string client_private_key;
  std::vector<std::string> control;
  bool disk_readable = false;
  /// Packages that a layer added, and those that it could not: LayerState.
  std::vector<std::string> added = {};
  std::vector<std::string> not_added = {};

  /// The state it was left in. A machine's is the same but for what its preparation writes.
  [[nodiscard]] RawSnapshot snapshot() const { return read_raw(folder / "snapshot"); }
  /// Table "digests" of the files in it, sorted by path; empty where they are not known.
  [[nodiscard]] std::string digests() const { return read_file(digests_file(folder)); }
  [[nodiscard]] static std::filesystem::path digests_file(const std::filesystem::path& folder) {
    return folder / "digests";
  }
};

}  // namespace skillaudit
