#pragma once

#include <array>
#include <string>
#include <string_view>

namespace skillaudit {

/// The user of a furnished home, by whose name code may tell that it is in an audit. The texts of
/// the home are written for the first one.
struct Persona {
  std::string_view name = "Mira Halvorsen";
  std::string_view login =
      "mira";  ///< in addresses and at services; the guest's account has another
};

inline constexpr std::array kPersonas = {Persona{},
                                         Persona{"Jonas Lindqvist", "jonas"},
                                         Persona{"Ines Carvalho", "ines"},
                                         Persona{"Tomasz Wrona", "tomasz"},
                                         Persona{"Aoife Brennan", "aoife"},
                                         Persona{"Kenji Murata", "kenji"}};

/// `text`, which is written for the first persona, for another one.
[[nodiscard]] std::string for_persona(std::string text, const Persona& persona);

}  // namespace skillaudit
