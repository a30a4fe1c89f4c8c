#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/runner/example_value.h"

namespace skillaudit {

struct JavaScriptFunction {
  std::string name;
  std::vector<Parameter> required;  ///< those without a default
};

/// The functions that a JavaScript module exports (`export function f`, `export const f = (…) =>`,
/// `exports.f = …`, `module.exports = {f, g}`), read without running it. What it cannot read is
/// left out; a program exports none.
[[nodiscard]] std::vector<JavaScriptFunction> exports_of(std::string_view text);

}  // namespace skillaudit
