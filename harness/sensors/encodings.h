#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace skillaudit {

/// The part of a Base64 text (RFC 4648, no padding) that depends on `bytes` alone when they stand
/// `offset` bytes (0, 1 or 2) after the start of a group of three: the characters at the edges,
/// which hold bits of unknown neighbours, are cut. `url` chooses the alphabet with "-_".
[[nodiscard]] std::string base64_inside(std::string_view bytes, unsigned offset, bool url);
/// The same in Base32 (RFC 4648), offset 0 to 4.
[[nodiscard]] std::string base32_inside(std::string_view bytes, unsigned offset);
/// Lower-case hexadecimal.
[[nodiscard]] std::string hex_of(std::string_view bytes);
/// "-_" alphabet, without padding.
[[nodiscard]] std::string base64url(std::string_view bytes);
/// Decodes either alphabet, whole groups and the rest; stops at the first other character.
[[nodiscard]] std::string base64_decoded(std::string_view text);

/// The same into `out`, which has room for 3 bytes for each 4 of `text`, and 4 more. Returns how
/// many it wrote.
std::size_t base64_decode(std::string_view text, char* out);

/// A string to look for, and how it came from the secret.
struct Needle {
  std::string bytes;
  std::string encoding;  ///< "raw", "base64", "base64url", "base32", "hex", "reversed", "rot13", …
};

/// Every form in which `secret` is looked for. A secret that is itself Base64 (a line of a key
/// file) is also looked for decoded.
[[nodiscard]] std::vector<Needle> needles_of(const std::string& secret);

}  // namespace skillaudit
