#pragma once

#include <string>
#include <vector>

#include "harness/consent/words.h"

namespace skillaudit {

struct InstallNames {
  std::vector<std::string> names;
  std::string manager;  ///< "npm", "pip", "apt", "cargo", "gem"; empty where it is not said
};

/// The packages that "install …" names: in code, behind "package", or before "with npm".
[[nodiscard]] InstallNames install_names(const Sentence& sentence, std::size_t begin,
                                         std::size_t end);

}  // namespace skillaudit
