#pragma once

#include <string>
#include <string_view>

namespace skillaudit {

/// A parameter of a program or a function, as its code names it.
struct Parameter {
  std::string name;  ///< "csv_path", "--url"
  std::string type;  ///< as annotated: "int", "list[str]"; often empty
};

/// A plausible value, as Python and JavaScript both write it: a document or folder of the prepared
/// home (fixtures/home) where the name speaks of one, a number, a list, else a word. Paths
/// start with "$HOME", to be put between double quotes of a shell.
[[nodiscard]] std::string example_literal(const Parameter& parameter);

}  // namespace skillaudit
