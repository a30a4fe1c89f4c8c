#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/evidence/evidence.h"

namespace skillaudit {

/// Whether the decoy was seen in a file of the guest; `where` is the file's path.
[[nodiscard]] bool is_in_file(const DecoySighting& sighting);

/// What stands between path and name in DecoySighting::where of a decoy in an attribute of a file.
inline constexpr std::string_view kInAttribute = ", attribute ";

/// DecoySighting::where of a decoy in the words that a program was started with; `evidence` names
/// the process.
inline constexpr std::string_view kInCommandLine = "command line";

/// Sightings in files as they lie in a bundle, "decoy-copies": for each the decoy's name, the path
/// and the encoding, each ended by NUL, since a path holds any other byte.
[[nodiscard]] std::string format_copies(const std::vector<DecoySighting>& copies);
/// Adds to `gaps` where `text` is damaged.
[[nodiscard]] std::vector<DecoySighting> parse_copies(std::string_view text,
                                                      std::vector<Gap>& gaps);

}  // namespace skillaudit
