#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/runner/example_value.h"

namespace skillaudit {

struct PythonFunction {
  std::string of_class;  ///< empty for a function of the module
  std::string name;
  std::vector<Parameter> required;  ///< positional, in order; without `self`
  std::vector<Parameter> keywords;  ///< required behind a `*`
  bool is_async = false;
};

/// What stands at the top of a Python module, read without running it.
struct PythonModule {
  std::vector<PythonFunction> functions;  ///< and methods, in order, `__init__` among them
  /// `if __name__ == "__main__"`, or a call or a loop at its top: run as a program, it does
  /// something.
  bool runs_by_itself = false;
};

/// How many folders up the relative imports at the top of a module reach: 1 for "from .base import
/// x", 2 for "from ..base". 0: none, and it can be run as a program.
[[nodiscard]] std::size_t relative_import_levels(std::string_view text);

/// The packages that the module imports something from, by their first name: "scripts" of "from
/// scripts.utils import x".
[[nodiscard]] std::vector<std::string> packages_imported(std::string_view text);

/// Reads definitions line by line. What it cannot read is left out.
[[nodiscard]] PythonModule read_python_module(std::string_view text);

}  // namespace skillaudit
