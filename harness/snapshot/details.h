#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/evidence/evidence.h"

namespace skillaudit {

/// The second and last round trip: what can only be asked once both snapshots are known.

/// What came back.
struct Details {
  std::vector<FileDigest> digests;          ///< in the order asked for; files not hashed are absent
  std::vector<PackageFiles> package_files;  ///< in the order asked for; unknown packages are absent
  /// Files that were left out on purpose: over 256 MiB, gone by now, replaced by something that is
  /// not a regular file.
  std::vector<Gap> notes;
  /// Evidence that should be there and is not: the stream is damaged, a command failed.
  std::vector<Gap> gaps;
};

/// What the witness is asked for: to hash the regular files `paths` (any bytes; symbolic links are
/// never followed; files over 256 MiB, and what follows after 4 GiB in all, are skipped and said)
/// and to list what each of `packages` put where: dpkg's file list, pip's RECORD, the tree of an
/// npm package. Each field ends in NUL: "d", path; "k", manager, name, version, folder.
[[nodiscard]] std::string detail_requests(const std::vector<std::string>& paths,
                                          const std::vector<Package>& packages);

/// The names of the tables of the answer.
[[nodiscard]] const std::vector<std::string_view>& detail_tables();

/// The table "digests" alone, as it is read from outside: PATH NUL SHA-256 NUL. What is no digest
/// becomes a gap.
void parse_digests(std::string_view table, std::vector<FileDigest>& digests,
                   std::vector<Gap>& gaps);

/// `asked`: paths, each ended by NUL; `seen`: rows of the table "files".
[[nodiscard]] GuestView parse_guest_view(std::string_view asked, std::string_view seen);

/// Never throws, as parse_frames().
[[nodiscard]] Details parse_details(std::string_view stream);

}  // namespace skillaudit
