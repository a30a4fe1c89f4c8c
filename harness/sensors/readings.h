#pragma once

#include <string>
#include <string_view>

namespace skillaudit {

/// Single steps of unpack(): one reading of a text each. All are linear in its size.

/// Without what people and programs put between the characters of a secret: white space, NUL
/// (UTF-16), "\n" and "\/" as JSON writes them, soft line breaks of quoted-printable. \u002b and
/// \x2b become "+". Empty when there is nothing of this in it.
[[nodiscard]] std::string squeezed(std::string_view text);

/// With %2b decoded. Of a text of more than 4 MiB only the parts within 4 KiB of an escape: the
/// rest reads as in the text itself, and what is percent-encoded throughout is full of escapes. An
/// escape in each 30 KB is what random bytes hold. Empty when there is no escape.
[[nodiscard]] std::string percent_decoded(std::string_view text);

/// The runs of at least 24 Base64 characters (either alphabet), each decoded, one after the other:
/// a text that was wrapped into lines of whole groups is in one piece again. Where a run holds the
/// beginning of a gzip or zip archive out of step with its own, it is decoded from there too.
[[nodiscard]] std::string base64_runs(std::string_view text);

/// The same of at least 32 hexadecimal digits.
[[nodiscard]] std::string hex_runs(std::string_view text);

/// A gzip or zip archive under XOR with one byte, without it: its first bytes tell the key. Empty
/// where `text` does not begin as one.
[[nodiscard]] std::string unmasked_archive(std::string_view text);

}  // namespace skillaudit
