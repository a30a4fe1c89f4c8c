#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/evidence/skill.h"

namespace skillaudit {

/// A variable of the environment that a skill's code reads or its documents name.
struct SkillVariable {
  std::string name;
  /// Somewhere it is read so that the code fails without it: `os.environ["X"]`, `${X:?}`.
  bool required = false;
  bool has_default = false;  ///< somewhere the code has a value of its own: `${X:-8080}`
  bool operator==(const SkillVariable&) const = default;
};

/// More are not looked for.
inline constexpr std::size_t kMostVariables = 64;

/// The variables that the skill expects to be set, sorted by name: `$NAME` and `${NAME}` of shell
/// code and documents; `os.environ`, `os.getenv`, `process.env`, `ENV` and their like in programs;
/// names in back ticks that end like a credential or an address (`X_API_KEY`). Names are written in
/// capitals. Left out are variables that shells and systems set, and those to which the same text
/// gives a value before it reads them.
[[nodiscard]] std::vector<SkillVariable> variables_of(const Skill& skill);

/// Whether the value of a variable only turns something on or off: "1", "true". In lower case.
[[nodiscard]] bool is_switch(std::string_view value);

}  // namespace skillaudit
