#include "harness/runner/module_calls.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>

#include "harness/base/text.h"
#include "harness/runner/javascript_module.h"
#include "harness/runner/python_module.h"
#include "harness/skill/named_files.h"

namespace skillaudit {
namespace {

bool is_public(std::string_view name) {
  return !name.starts_with('_') && !name.starts_with("test") && name != "main";
}

std::string arguments(const std::vector<Parameter>& required,
                      const std::vector<Parameter>& keywords) {
  std::vector<std::string> values;
  for (const Parameter& each : required) values.push_back(example_literal(each));
  for (const Parameter& each : keywords) values.push_back(each.name + "=" + example_literal(each));
  return join(values, ", ");
}

/// The module is found as a program in its folder finds it, or, where it imports relatively, as
/// the part of its package that it is: `levels` folders up.
std::string in_python(const std::string& path, const std::vector<std::string>& calls,
                      std::size_t levels) {
  std::string list;
  for (const std::string& call : calls) list += fmt::format("lambda: {},\n  ", call);
  return fmt::format(
      "python3 -c \"levels = {}\n{}failed = 0\n"
      "for call in [{}]:\n"
      "  try: print(call())\n"
      "  except BaseException: failed = 1; traceback.print_exc()\n"
      "sys.exit(failed)\" {}",
      levels + 1, kLoadsModule, list, shell_quote("./" + path));
}

std::string in_javascript(const std::string& path, const std::vector<std::string>& calls) {
  std::string list;
  for (const std::string& call : calls) list += fmt::format("() => {},\n  ", call);
  return fmt::format(
      "node -e \"import(require('url').pathToFileURL(process.argv[1]).href).then(async m => {{\n"
      "  for (const call of [{}])\n"
      "    try {{ console.log(await call()) }}\n"
      "    catch (error) {{ console.error(error); process.exitCode = 1 }}\n"
      "}})\" {}",
      list, shell_quote("./" + path));
}

std::string constructed(const std::vector<PythonFunction>& functions, const std::string& name) {
  const auto made = std::find_if(functions.begin(), functions.end(), [&](const auto& each) {
    return each.of_class == name && each.name == "__init__";
  });
  return name + "(" + (made == functions.end() ? "" : arguments(made->required, made->keywords)) +
         ")";
}

/// A name that may stand between our quotes.
bool is_plain(std::string_view name) {
  return std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) || c == '_' || c == '-' || c >= 0x80;
  });
}

/// What is shown of each call, and what is called.
struct Calls {
  std::vector<std::string> shown;
  std::vector<std::string> code;
};

Calls python_calls(std::string_view text) {
  const PythonModule module = read_python_module(text);
  Calls calls;
  // What imports relatively cannot be run as a program, whatever stands at its end.
  if (module.runs_by_itself && relative_import_levels(text) == 0) return calls;
  for (const PythonFunction& function : module.functions) {
    if (!is_public(function.name) || function.of_class.starts_with('_')) continue;
    const std::string of =
        function.of_class.empty() ? "" : constructed(module.functions, function.of_class) + ".";
    const std::string call =
        of + function.name + "(" + arguments(function.required, function.keywords) + ")";
    calls.shown.push_back(call);
    calls.code.push_back(function.is_async ? "asyncio.run(m." + call + ")" : "m." + call);
  }
  return calls;
}

Calls javascript_calls(std::string_view text) {
  Calls calls;
  for (const JavaScriptFunction& function : exports_of(text)) {
    const std::string values = arguments(function.required, {});
    calls.shown.push_back(fmt::format("{}({})", function.name, values));
    calls.code.push_back(
        fmt::format("(m.{0} ?? m.default?.{0} ?? m.default)({1})", function.name, values));
  }
  return calls;
}

}  // namespace

ModuleCalls module_calls(const SkillText& text) {
  const std::string_view file = std::string_view(text.path).substr(text.path.rfind('/') + 1);
  const std::size_t dot = file.rfind('.');
  if (dot == std::string_view::npos || !is_plain(file.substr(0, dot))) return {};
  const std::string_view suffix = file.substr(dot);
  const bool python = suffix == ".py";
  if (!python && suffix != ".js" && suffix != ".mjs" && suffix != ".cjs") return {};
  Calls calls = python ? python_calls(text.text) : javascript_calls(text.text);
  if (calls.code.empty()) return {};
  calls.code.resize(std::min(calls.code.size(), kMostCalls));
  return {shorten(text.path + ": " + join(calls.shown, ", "), 200),
          python ? in_python(text.path, calls.code, relative_import_levels(text.text))
                 : in_javascript(text.path, calls.code)};
}

}  // namespace skillaudit
