#pragma once

#include <string_view>

namespace skillaudit {

/// The address of a picture or link that is shown as Markdown: "![state](https://x.example/p)";
/// other code as it is.
[[nodiscard]] std::string_view address_in(std::string_view code);

/// Whether a value of the query stands for data: "?d=VALUES", but not "?key=API_KEY", which the
/// service asks for.
[[nodiscard]] bool has_place_for_data(std::string_view url);

}  // namespace skillaudit
