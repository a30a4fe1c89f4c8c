#pragma once

#include <array>
#include <string_view>

namespace skillaudit {

/// A further clone of an audit, in which one thing is otherwise. Its evidence is in a folder of its
/// name (harness/bundle/layout.h).
struct WorldKind {
  std::string_view name;
  std::string_view what;  ///< a clause for readers of a report
  bool judged;            ///< its effects are the skill's; else only what it sent is compared
  bool own_secrets;       ///< of the audit; else others
};

/// Every host answers. The steps run, and once more as an agent with a terminal starts them.
inline constexpr WorldKind kAnsweringWorld = {
    "answering",
    "every host answers, the user has another name, and all runs twice: the second time as an "
    "agent starts it",
    true, true};
/// Made where lines that could harm did not run. The code is not the author's, so a step that ends
/// well there proves nothing.
inline constexpr WorldKind kOpenedWorld = {
    "opened",
    "every host answers, and conditions are set aside that kept lines of its code from running",
    true, true};
/// Made where something is left that acts later. After the steps, that is done which time, a login
/// or the next start of a program would do.
inline constexpr WorldKind kLaterWorld = {
    "later",
    "every host answers, and what it left on the machine is run as time or a program's next start "
    "would run it",
    true, true};
/// In the order in which they are made: each second one has other secrets. With the first pair it
/// is seen what differs, and with the further ones what differs by itself.
inline constexpr std::array kComparedWorlds = {
    kAnsweringWorld,
    WorldKind{"other-secrets", "the same with other secrets in the home", false, false},
    WorldKind{"answering-2", "the same once more", false, true},
    WorldKind{"other-secrets-2", "the same with other secrets once more", false, false},
    WorldKind{"answering-3", "the same once more", false, true},
    WorldKind{"other-secrets-3", "the same with other secrets once more", false, false}};

}  // namespace skillaudit
