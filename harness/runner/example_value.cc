#include "harness/runner/example_value.h"

#include <algorithm>
#include <array>

#include "harness/base/ascii.h"
#include "harness/words/argument_value.h"

namespace skillaudit {
namespace {

/// A type as annotated, and a value of it.
struct Example {
  std::string_view type;
  std::string_view value;
};
constexpr auto kByType = std::to_array<Example>({{"int", "1"},
                                                 {"float", "1.5"},
                                                 {"number", "1"},
                                                 {"bool", "True"},
                                                 {"bytes", "b'example'"},
                                                 {"list", "['example']"},
                                                 {"sequence", "['example']"},
                                                 {"iterable", "['example']"},
                                                 {"tuple", "['example']"},
                                                 {"dict", "{'example': 'example'}"},
                                                 {"mapping", "{'example': 'example'}"}});

bool is_number(std::string_view value) {
  return std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string example_literal(const Parameter& parameter) {
  const std::string type = ascii_lower(parameter.type);
  const std::string_view plain = std::string_view(type).substr(0, type.find_first_of("[ |,"));
  const auto by_type = std::find_if(kByType.begin(), kByType.end(),
                                    [&](const Example& each) { return each.type == plain; });
  if (by_type != kByType.end()) return std::string(by_type->value);
  const std::string value = argument_value(parameter.name, project_files());
  if (plain == "path" || plain == "pathlib.path") return "pathlib.Path('" + value + "')";
  const bool plural = parameter.name.size() > 3 && parameter.name.ends_with('s');
  if (value == "example" && plural) return "['example']";
  return is_number(value) ? value : "'" + value + "'";
}

}  // namespace skillaudit
