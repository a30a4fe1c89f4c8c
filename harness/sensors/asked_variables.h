#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/sensors/decoys.h"

namespace skillaudit {

/// A variable that the guest's user is to have.
struct AskedVariable {
  std::string name;
  bool required = false;     ///< it needs some value
  bool has_default = false;  ///< only a credential gets a value
};

/// Absolute folders of the guest that variables may name.
struct VariablePlaces {
  std::string home;
  std::string skill;
  std::string project;
  Persona persona = {};  ///< of the home
};

/// Whether the name speaks of a credential: DEPLOY_TOKEN, X_API_KEY; not TOKEN_FILE or MAX_TOKENS.
[[nodiscard]] bool names_credential(std::string_view variable);

/// Sets each of `variables` for the user's programs, and knows those of them and of `credentials`
/// whose names speak of a credential as decoys, if they are long enough to be found: at least
/// kShortestSecret characters.
void set_variables(FurnishedHome& home,
                   const std::vector<std::pair<std::string, std::string>>& variables,
                   const std::vector<std::pair<std::string, std::string>>& credentials);
inline constexpr std::size_t kShortestSecret = 12;

/// Gives the user's programs each variable: a decoy, named "$NAME", where the name speaks of a
/// credential; else what its name asks for: a folder, a file, a port, an address, a name. A name
/// that tells nothing gets a value only where one is required: many are switches, which are off.
/// What is set already stays as it is.
void add_variables(FurnishedHome& home, const std::vector<AskedVariable>& variables,
                   const VariablePlaces& places, const Entropy& entropy = random_bytes);

}  // namespace skillaudit
