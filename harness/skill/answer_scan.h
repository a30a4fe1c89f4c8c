#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Pieces of lines of code, as the readers of expected answers need them.
namespace skillaudit::answer_scan {

[[nodiscard]] bool is_word(char c);
[[nodiscard]] std::size_t word_end(std::string_view text, std::size_t at);
[[nodiscard]] std::size_t skip_spaces(std::string_view text, std::size_t at);
/// "items" and "id": "items.id".
[[nodiscard]] std::string joined(const std::string& path, std::string_view field);
/// "items": "items[]".
[[nodiscard]] std::string as_list(std::string path);
/// Where the text ends that is quoted from `at` on; npos: none is.
[[nodiscard]] std::size_t quoted_end(std::string_view text, std::size_t at);
[[nodiscard]] bool is_field(std::string_view name);
/// After the `(` at `open`: where the matching one ends.
[[nodiscard]] std::size_t past_parenthesis(std::string_view text, std::size_t open);
/// The literal with which an expression that ends at `at` is compared: `== "live"`, `=== 3`, `> 2`,
/// `.includes("on")`. Empty: none.
[[nodiscard]] std::string compared_with(std::string_view text, std::size_t at);
/// Where the first call from `at` on that parses an answer ends; npos: none.
[[nodiscard]] std::size_t parsed_at(std::string_view line, std::size_t at);
/// The name to which the line assigns, with braces where it takes an object apart.
[[nodiscard]] std::string_view assigned_in(std::string_view line);
/// The name that a loop gives to each item: `for x in …`, `for (const x of …`.
[[nodiscard]] std::string_view looped_in(std::string_view line);
/// The paths in the filters of jq(1) on this line: ".items[].id" is "items[].id".
[[nodiscard]] std::vector<std::string> jq_fields(std::string_view line);
/// The word or quoted text at the beginning; empty for one that holds a variable or a pattern.
[[nodiscard]] std::string shell_literal(std::string_view text);

}  // namespace skillaudit::answer_scan
