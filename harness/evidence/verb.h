#pragma once

#include <array>
#include <string_view>

namespace skillaudit {

/// What an effect does to its object: of rules, and of the statements of a skill's documents.
enum class Verb {
  Read,
  Create,
  Modify,
  Overwrite,
  Delete,
  Run,
  Stay,  ///< goes on after the run: a process, a listener
  Send,
  Receive,
  Install,
  Elevate,
  Tamper,
};
inline constexpr std::array kVerbs = {Verb::Read,    Verb::Create,  Verb::Modify,  Verb::Overwrite,
                                      Verb::Delete,  Verb::Run,     Verb::Stay,    Verb::Send,
                                      Verb::Receive, Verb::Install, Verb::Elevate, Verb::Tamper};
[[nodiscard]] std::string_view name_of(Verb);  ///< "create"

}  // namespace skillaudit
