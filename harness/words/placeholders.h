#pragma once

#include <string>
#include <string_view>

namespace skillaudit {

/// The first placeholder in shell code that the reader should fill in: `<your-name>`,
/// `YOUR_API_KEY`, `path/to/file`, `[options]`, `...`; empty when there is none. Redirections,
/// shell variables, HTML tags and the bodies of here-documents are no placeholders.
[[nodiscard]] std::string find_placeholder(std::string_view code);

/// Whether shell code leaves something to the reader that is no placeholder: a variable that
/// nothing in it sets (`kill $SERVER_PID`), or a letter for a number (`-f N`). That it fails as it
/// stands says nothing of it.
[[nodiscard]] bool leaves_something_open(std::string_view code);

/// The first command in shell code that cannot work without a terminal ("vim", "crontab -e");
/// empty when there is none.
[[nodiscard]] std::string find_terminal_program(std::string_view code);

}  // namespace skillaudit
