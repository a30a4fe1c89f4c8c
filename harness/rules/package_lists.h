#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace skillaudit {

/// Whether two texts of a package.json (npm's, package.json(5)) differ in their lists of packages
/// alone, and each package that is another in them is `named`. What else stands there is what the
/// project runs.
[[nodiscard]] bool differ_in_packages(std::string_view before, std::string_view after,
                                      const std::function<bool(const std::string& package)>& named);

}  // namespace skillaudit
