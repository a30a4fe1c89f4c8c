#pragma once

#include <string_view>

namespace skillaudit {

/// Whether all of `text` is what `pattern` says: `*` is any run of bytes, slashes included, `?` any
/// one byte, and everything else itself. In time of the product of the two lengths at worst.
[[nodiscard]] bool matches_glob(std::string_view pattern, std::string_view text);

/// The same for paths: `*` is any run of bytes without a slash, `**` any run, and everything else,
/// `?` included, itself.
[[nodiscard]] bool matches_path_glob(std::string_view pattern, std::string_view path);

}  // namespace skillaudit
