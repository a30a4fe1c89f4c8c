#pragma once

#include <string>
#include <string_view>

namespace skillaudit {

/// The path of a URL as a server may read it. filter/url_rules.py decodes the paths of requests in
/// the same way; tests/unit/traffic/data/rules.json holds the cases that both are tested with.
struct DecodedPath {
  /// Percent-decoded until nothing changes, each backslash as a slash, each run of slashes as one.
  std::string path;
  /// Why servers could read the path in two ways, else empty: a '%' that begins no escape, escapes
  /// that are not UTF-8 or hold a control character, a '.' or '..' segment, and escapes nested
  /// five deep or more. The filter blocks such a request, so a rule for it would allow nothing.
  std::string_view problem;
};

/// `path` is ASCII, without its query.
[[nodiscard]] DecodedPath decode_path(std::string_view path);

}  // namespace skillaudit
