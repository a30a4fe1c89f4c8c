#pragma once

#include <string>
#include <string_view>

namespace skillaudit {

/// The first placeholder in shell code that the reader should fill in: `<your-name>`,
/// `YOUR_API_KEY`, `path/to/file`, `[options]`, `...`; empty when there is none. Redirections,
/// shell variables, HTML tags and the bodies of here-documents are no placeholders.
[[nodiscard]] std::string find_placeholder(std::string_view code);

/// The first command in shell code that cannot work without a terminal ("vim", "crontab -e");
/// empty when there is none.
[[nodiscard]] std::string find_terminal_program(std::string_view code);

}  // namespace skillaudit
