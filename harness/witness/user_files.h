#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "harness/witness/io.h"

namespace witness {

/// Makes a file that is not there yet.
void create(const std::string& path, std::string_view content, mode_t mode);

/// Unpacks the user's files, each entry as the host writes it (harness/observe/preparation.cc), and
/// returns the rows of all that was written, and of the folders above.
[[nodiscard]] std::string unpack_user_files(const Account& user, std::string_view entries);

}  // namespace witness
