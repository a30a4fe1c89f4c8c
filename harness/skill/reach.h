#pragma once

#include <array>
#include <bitset>
#include <string>
#include <string_view>

namespace skillaudit {

/// What code could do that would harm. Starting a program or writing a file of its own is none.
enum class Reach {
  Network,      ///< connects, sends or fetches
  Secrets,      ///< names files of keys and credentials, or the environment as a whole
  Credentials,  ///< names a variable or parameter for a key, a token, a password
  Deletes,      ///< removes, or rewrites many files
  Persistence,  ///< start-up files, timers, services, hooks, settings of agents
  Rights,       ///< sudo and its like, setuid, ownership
  MadeCode      ///< code made or fetched at run time: nobody can read what it does
};
inline constexpr std::array kReaches = {Reach::Network, Reach::Secrets,     Reach::Credentials,
                                        Reach::Deletes, Reach::Persistence, Reach::Rights,
                                        Reach::MadeCode};

using ReachSet = std::bitset<kReaches.size()>;

/// What the code names, in any language: by words of shells and of the usual libraries. Comments
/// and strings count as well: a careful reader would ask about them too. Linear in its size.
[[nodiscard]] ReachSet reach_of(std::string_view code);

/// What stays open of code that a document only shows: all of `reach`, but for a use of the network
/// that names no host. Such code shows how a library is called, and reaches nobody as it stands.
[[nodiscard]] ReachSet reach_of_example(ReachSet reach, std::string_view code);

/// "the network, secrets"; empty for none.
[[nodiscard]] std::string in_words(ReachSet reach);

}  // namespace skillaudit
