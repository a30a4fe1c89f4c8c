#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace skillaudit {

/// Text that is safe to display: valid UTF-8 without control characters, bidirectional overrides or
/// zero-width characters. Others become `\n`, `\t`, `\x1b`, `\xff` (a byte), `\u202e` or
/// `\U000e0001` (a character); a backslash is doubled, so the mapping can be undone. Everything
/// from a guest passes through here before a person, a terminal or a JSON file sees it.
[[nodiscard]] std::string printable(std::string_view bytes);

/// Like printable(), but keeps line feeds and tabs and does not double backslashes: for blocks of
/// output for people.
[[nodiscard]] std::string printable_block(std::string_view bytes);

/// Valid UTF-8: each invalid byte becomes `\xff`, everything else is unchanged, control
/// characters included. For text in a JSON file; not safe to display.
[[nodiscard]] std::string as_utf8(std::string_view bytes);

/// Length of the UTF-8 sequence at the start of `bytes`, which must not be empty, and the character
/// that it encodes; 0 if there is none (RFC 3629: no overlong forms, no surrogates).
[[nodiscard]] std::size_t utf8_sequence(std::string_view bytes, std::uint32_t& code_point);

/// Whether all of `bytes` is UTF-8 (RFC 3629: no overlong forms, no surrogates).
[[nodiscard]] bool is_utf8(std::string_view bytes);

/// At most `limit` bytes of `text`, never cutting a UTF-8 sequence; "…" marks what was cut.
[[nodiscard]] std::string shorten(std::string_view text, std::size_t limit);

/// Splits at each `separator`; a last part that is empty is not returned.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);
[[nodiscard]] std::string_view trim(std::string_view text);
[[nodiscard]] std::string join(const std::vector<std::string>& parts, std::string_view separator);

/// "1 file", "3 files".
[[nodiscard]] std::string count_of(std::size_t n, std::string_view singular,
                                   std::string_view plural = {});
/// "15 KiB", "1.2 MiB", "812 B".
[[nodiscard]] std::string human_bytes(unsigned long long bytes);

/// One word for a POSIX shell: 'it'\''s'.
[[nodiscard]] std::string shell_quote(std::string_view word);

/// The candidate closest to `word` by edit distance, or empty if none is close: "did you mean".
[[nodiscard]] std::string nearest(std::string_view word,
                                  const std::vector<std::string>& candidates);

}  // namespace skillaudit
