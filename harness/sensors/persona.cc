#include "harness/sensors/persona.h"

#include <algorithm>
#include <cctype>

namespace skillaudit {
namespace {

bool is_letter(const std::string& text, std::size_t at) {
  return at < text.size() && std::isalnum(static_cast<unsigned char>(text[at])) != 0;
}

/// Where `from` is no part of a longer word.
void replace_words(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
    const bool whole = (at == 0 || !is_letter(text, at - 1)) && !is_letter(text, at + from.size());
    if (whole) text.replace(at, from.size(), to);
    at += whole ? to.size() : from.size();
  }
}

std::string handle_of(const Persona& persona) {
  std::string handle(persona.name);
  for (char& c : handle)
    c = c == ' ' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return handle;
}

}  // namespace

std::string for_persona(std::string text, const Persona& persona) {
  const Persona first;
  if (persona.name == first.name) return text;
  replace_words(text, first.name, persona.name);
  replace_words(text, handle_of(first), handle_of(persona));
  replace_words(text, first.login, persona.login);
  return text;
}

}  // namespace skillaudit
