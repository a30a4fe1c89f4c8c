#pragma once

#include <string>
#include <string_view>

namespace skillaudit {

/// Text for XML 1.0, as content or between double quotes. What no XML 1.0 document can hold, not
/// even as a reference (control characters, U+FFFE, U+FFFF, bytes that are not UTF-8), becomes
/// `\x1b` or
/// `\uffff`. Line feeds and tabs stay, though a reader takes them for blanks in an attribute.
[[nodiscard]] std::string xml_text(std::string_view bytes);

}  // namespace skillaudit
