#pragma once

#include <vector>

#include "harness/consent/words.h"

namespace skillaudit {

enum class NetworkDenial {
  None,
  NothingLeaves,  ///< "it sends nothing", "nothing is uploaded"
  NoNetwork       ///< "uses no network"
};

/// Whether the tokens of a sentence deny the network as a whole. What holds for one way to call it
/// or for one case ("set `COUNT=0` and nothing is sent", "where there is no network") denies
/// nothing, nor does a sentence with an exception.
[[nodiscard]] NetworkDenial denial_of_network(const std::vector<Token>& tokens);

}  // namespace skillaudit
