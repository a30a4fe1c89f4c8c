#pragma once

#include <string>
#include <string_view>

namespace skillaudit {

/// A parameter of a program or a function, as its code names it.
struct Parameter {
  std::string name;  ///< "csv_path", "--url"
  std::string type;  ///< as annotated: "int", "list[str]"; often empty
};

/// A plausible value, as Python and JavaScript both write it: by the type, else what the name asks
/// for (argument_value.h). To be put between double quotes of a shell.
[[nodiscard]] std::string example_literal(const Parameter& parameter);

}  // namespace skillaudit
