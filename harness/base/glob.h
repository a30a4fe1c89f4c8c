#pragma once

#include <string_view>

namespace skillaudit {

/// Whether all of `text` matches `pattern`: `*` is any run of bytes, including slashes, `?` any
/// one byte, and every other byte matches itself. Worst case: time of the product of both lengths.
[[nodiscard]] bool matches_glob(std::string_view pattern, std::string_view text);

/// The same for paths: `*` is any run of bytes without a slash, `**` any run, and everything else,
/// `?` included, itself.
[[nodiscard]] bool matches_path_glob(std::string_view pattern, std::string_view path);

}  // namespace skillaudit
