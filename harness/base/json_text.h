#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace skillaudit {

/// JSON from text and back. The library's parser and printer are templates, which take a compiler
/// two seconds in each file that calls them: here they are compiled once. Throw
/// nlohmann::json::parse_error, which says where.
[[nodiscard]] nlohmann::json parse_json(std::string_view text);
[[nodiscard]] nlohmann::ordered_json parse_ordered_json(std::string_view text);

/// `is_discarded()` where the text is no JSON.
[[nodiscard]] nlohmann::json parse_json_or_discard(std::string_view text);

/// On one line; with `indent` spaces a level where that is 0 or more. Bytes that are no UTF-8
/// become U+FFFD.
[[nodiscard]] std::string json_text(const nlohmann::json& value, int indent = -1);
[[nodiscard]] std::string json_text(const nlohmann::ordered_json& value, int indent = -1);

}  // namespace skillaudit
