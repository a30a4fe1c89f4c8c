#pragma once

#include <string>

#include "harness/evidence/skill.h"

namespace skillaudit {

struct ModuleCalls {
  std::string name;     ///< "facts.py: machine(), size('README.md')"
  std::string command;  ///< for bash, from the skill's folder; empty: no module with functions
};

/// Calls of a module's functions, as an agent makes them: each public function at the top of a
/// Python module, or that a JavaScript module exports, with plausible arguments for those that it
/// requires (example_value.h); and for each public class of Python its methods. One program calls
/// them all, one after the other, and fails where one did. At most kMostCalls. None for a file of
/// another kind, and for one that does something when it is run.
[[nodiscard]] ModuleCalls module_calls(const SkillText& text);

inline constexpr std::size_t kMostCalls = 40;

}  // namespace skillaudit
