#pragma once

#include <string>

namespace skillaudit {

/// Checks a name given by the user that becomes a file name: lower-case letters, digits, "-",
/// "." and "_", a letter or digit first, at most 64. Throws Error{Usage} that names `what`
/// ("an image", "a VM").
void check_name(const std::string& what, const std::string& name);

}  // namespace skillaudit
