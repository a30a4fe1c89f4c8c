#pragma once

#include <cstddef>

#include "harness/evidence/wire.h"

namespace skillaudit {

/// Bytes in the echo requests that the guest sent which ping(8) would not have put there: it sends
/// the time, and a row of bytes that count up. 0 where no echo request was sent.
[[nodiscard]] std::size_t chosen_echo_bytes(const Wire& wire);

}  // namespace skillaudit
