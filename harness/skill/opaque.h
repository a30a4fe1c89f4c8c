#pragma once

#include <cstddef>
#include <string_view>

namespace skillaudit {

/// As much of a file's start as opaque_kind() looks at.
inline constexpr std::size_t kMagicBytes = 512;

/// What a file is whose first bytes are `head`, if it is a program or an archive that nobody can
/// read: "ELF program", "ZIP archive". Told by these bytes alone, whatever the file's name; see
/// magic(5). Empty for all else: texts, pictures, fonts, data, and the documents of office programs
/// and e-books, which are archives too but are opened as documents.
[[nodiscard]] std::string_view opaque_kind(std::string_view head);

}  // namespace skillaudit
