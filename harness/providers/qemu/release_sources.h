#pragma once

#include <string>
#include <string_view>

namespace skillaudit {

/// apt's sources (deb822 text) of one release of a distribution, made from those of another: the
/// same mirrors and keyrings, the suites exchanged ("bookworm-updates" becomes "trixie-updates").
/// Suites that follow no release ("sid") are left out, and a stanza without a suite with them; what
/// is already of `wanted` stays. Only the `Suites` fields change: a mirror may well have a codename
/// in its URL. The text itself where `present` is empty or equal to `wanted`.
[[nodiscard]] std::string sources_of_release(std::string_view sources, std::string_view present,
                                             std::string_view wanted);

}  // namespace skillaudit
