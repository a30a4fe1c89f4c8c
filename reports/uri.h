#pragma once

#include <string>
#include <string_view>

namespace skillaudit {

/// A relative path of any bytes as a relative URI reference (RFC 3986): all but unreserved
/// characters and "/" is percent-encoded, so that no part of it is a scheme, a query or a fragment.
[[nodiscard]] std::string relative_uri(std::string_view path);

/// One segment of a path: "/" is encoded as well.
[[nodiscard]] std::string uri_segment(std::string_view name);

}  // namespace skillaudit
