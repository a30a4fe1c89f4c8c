#pragma once

#include <string>

namespace skillaudit {

/// What a user may call something that becomes the name of a file: lower-case letters, digits, "-",
/// "." and "_", a letter or digit first, at most 64. Throws Error{Usage} that says so of `what`
/// ("an image", "a VM").
void check_name(const std::string& what, const std::string& name);

}  // namespace skillaudit
