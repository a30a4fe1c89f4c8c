#pragma once

#include <string>

namespace skillaudit {

/// The cookies of a Firefox profile, "cookies.sqlite" as Firefox writes it: a database of SQLite
/// with the table moz_cookies. A few are of no worth; that of console.northlake.internal keeps its
/// user logged in by `session`. The same bytes for the same session. Throws Error{Internal} when
/// SQLite cannot make it.
[[nodiscard]] std::string make_cookie_store(const std::string& session);

}  // namespace skillaudit
