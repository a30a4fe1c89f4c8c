#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace skillaudit {

/// One enabled entry for binary packages of apt's sources (sources.list(5)).
struct AptEntry {
  std::vector<std::string> uris;
  std::vector<std::string> suites;
  std::vector<std::string> components;
  std::vector<std::string> architectures;  ///< empty: the system's
  std::string signed_by;  ///< keyrings or fingerprints, "," between; empty: not said
  bool trusted = false;
  bool operator==(const AptEntry&) const = default;
};

/// `deb [option=value …] uri suite component …`, one a line. Other lines are left out.
[[nodiscard]] std::vector<AptEntry> parse_one_line_sources(std::string_view text);

/// Stanzas of `Types: deb`, enabled ones. A key written into the stanza itself gives "embedded key"
/// as signed_by.
[[nodiscard]] std::vector<AptEntry> parse_deb822_sources(std::string_view text);

/// The stanza, ending in a newline.
[[nodiscard]] std::string to_deb822(const AptEntry& entry);

/// True when `signed_by` names keyrings of the Debian archive and nothing else.
[[nodiscard]] bool is_debian_keyring(std::string_view signed_by);

/// How apt names its copy of the suite's index in /var/lib/apt/lists, without "_InRelease".
[[nodiscard]] std::string apt_list_name(std::string_view uri, std::string_view suite);

}  // namespace skillaudit
