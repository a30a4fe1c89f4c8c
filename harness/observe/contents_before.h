#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "harness/evidence/snapshot.h"
#include "harness/machine/base.h"
#include "harness/observe/preparation.h"

namespace skillaudit {

/// The contents of the guest's files before the skill ran, as SHA-256: of the template's files, and
/// of those that the preparation wrote.
class ContentsBefore {
 public:
  /// Keeps no reference. Throws Error{Environment} when the template cannot be read.
  ContentsBefore(const MachineBase& base, const Prepared& prepared, const std::string& home);
  ContentsBefore(const ContentsBefore&) = delete;

  /// Empty where it is not known.
  [[nodiscard]] std::string_view digest(const std::string& path) const;

  /// Table "digests" of those of `paths` that are known.
  [[nodiscard]] std::string table(const std::vector<std::string>& paths) const;

  /// The files whose content is compared although nothing shows that they were written to: the
  /// user's, and what configures the system. Sorted, as `files` is. Large ones are left out, since
  /// the guest stands still meanwhile: writing past the file system is recorded by the trace too.
  [[nodiscard]] std::vector<std::string> worth_comparing(const std::vector<FileEntry>& files) const;

 private:
  std::string home_;
  std::string base_;      ///< what the views below lie in
  std::string prepared_;  ///< the same
  std::unordered_map<std::string_view, std::string_view> of_base_;
  std::unordered_map<std::string, std::string_view> of_home_;
};

}  // namespace skillaudit
