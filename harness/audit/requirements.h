#pragma once

#include <string>
#include <vector>

namespace skillaudit {

/// A program that skillaudit runs, and the distribution's package that brings it.
struct Requirement {
  std::string program;
  std::string package;
  std::string what;  ///< how doctor calls it
};

/// What every audit runs.
[[nodiscard]] const std::vector<Requirement>& audit_programs();
/// What building an image runs besides.
[[nodiscard]] const std::vector<Requirement>& image_programs();

/// Throws Error{Environment} with all programs that audit_programs() lists and this machine lacks,
/// and the command that installs them. Asked first: an image is built for minutes before the first
/// VM starts.
void require_audit_programs();

}  // namespace skillaudit
