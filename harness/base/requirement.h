#pragma once

#include <string>

namespace skillaudit {

/// A program that skillaudit runs, and the distribution's package that contains it.
struct Requirement {
  std::string program;
  std::string package;
  std::string what;  ///< its name for people, as `doctor` shows it
};

}  // namespace skillaudit
