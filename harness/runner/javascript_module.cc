#include "harness/runner/javascript_module.h"

#include <algorithm>
#include <cctype>

#include "harness/base/text.h"

namespace skillaudit {
namespace {

bool is_name_byte(unsigned char c) { return std::isalnum(c) || c == '_' || c == '$'; }

std::string_view name_at(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && is_name_byte(static_cast<unsigned char>(text[end]))) ++end;
  return text.substr(0, end);
}

/// "(a, b = 1)" at the start of `text`, or a single name before "=>".
std::vector<Parameter> parameters_at(std::string_view text) {
  std::vector<Parameter> parameters;
  if (!text.starts_with('(')) return parameters;
  const std::size_t close = text.find(')');
  if (close == std::string_view::npos) return parameters;
  for (const std::string_view part : split(text.substr(1, close - 1), ',')) {
    const std::string_view name = trim(part);
    const bool plain = !name.empty() && name_at(name) == name;
    if (plain) parameters.push_back({std::string(name), ""});
  }
  return parameters;
}

/// What follows "function NAME", or "NAME =" and an arrow's or function's head; none: no function.
bool read_function(std::string_view text, std::string_view name, JavaScriptFunction& function) {
  for (std::size_t at = text.find(name); at != std::string_view::npos;
       at = text.find(name, at + 1)) {
    const bool starts = at == 0 || !is_name_byte(static_cast<unsigned char>(text[at - 1]));
    std::string_view rest = text.substr(at + name.size());
    if (!starts || (!rest.empty() && is_name_byte(static_cast<unsigned char>(rest[0])))) continue;
    const bool declared = trim(text.substr(0, at)).ends_with("function");
    rest = trim(rest);
    if (!declared) {
      if (!rest.starts_with('=') && !rest.starts_with(':')) continue;
      rest = trim(rest.substr(1));
      if (rest.starts_with("async")) rest = trim(rest.substr(5));
      const bool is_function = rest.starts_with("function");
      if (is_function) rest = trim(rest.substr(8));
      if (!is_function && !rest.starts_with('(')) continue;
      if (is_function) rest = trim(rest.substr(name_at(rest).size()));
    }
    function = {std::string(name), parameters_at(rest)};
    return true;
  }
  return false;
}

void add(std::string_view text, std::string_view name, std::vector<JavaScriptFunction>& functions) {
  const bool known = std::any_of(functions.begin(), functions.end(),
                                 [&](const auto& each) { return each.name == name; });
  JavaScriptFunction function;
  if (!name.empty() && !known && read_function(text, name, function))
    functions.push_back(std::move(function));
}

/// "{f, g: other}" behind `module.exports =`, or a single name.
void add_listed(std::string_view text, std::string_view list,
                std::vector<JavaScriptFunction>& functions) {
  if (!list.starts_with('{')) return add(text, name_at(list), functions);
  const std::size_t close = list.find('}');
  if (close == std::string_view::npos) return;
  for (const std::string_view part : split(list.substr(1, close - 1), ','))
    add(text, name_at(trim(part)), functions);
}

}  // namespace

std::vector<JavaScriptFunction> exports_of(std::string_view text) {
  std::vector<JavaScriptFunction> functions;
  for (const std::string_view line : split(text, '\n')) {
    std::string_view code = line;
    if (code.starts_with("export ")) {
      code = trim(code.substr(7));
      for (const std::string_view word :
           {"default ", "async ", "function* ", "function ", "const ", "let ", "var "})
        if (code.starts_with(word)) code = trim(code.substr(word.size()));
      if (code.starts_with('{'))
        add_listed(text, text.substr(static_cast<std::size_t>(code.data() - text.data())),
                   functions);
      else
        add(text, name_at(code), functions);
    }
    const std::string_view text_at =
        text.substr(static_cast<std::size_t>(line.data() - text.data()));
    if (line.starts_with("module.exports =") || line.starts_with("module.exports="))
      add_listed(text, trim(text_at.substr(text_at.find('=') + 1)), functions);
    for (const std::string_view prefix : {"module.exports.", "exports."})
      if (line.starts_with(prefix)) {
        add(text, name_at(line.substr(prefix.size())), functions);
        break;
      }
  }
  return functions;
}

}  // namespace skillaudit
