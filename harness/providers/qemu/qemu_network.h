#pragma once

#include <string>

#include "harness/providers/qemu/qemu_spec.h"

namespace skillaudit {

/// The value of QEMU's `-netdev` for the guest's one network. Pure.
///
/// slirp forwards by address and port, and starts a socat for each connection. It forwards to the
/// proxy alone: the proxy's own address as it is; the resolver's port 53 and the addresses that
/// stand for names as a CONNECT request that says where the guest wanted to go. Everything else is
/// dropped.
[[nodiscard]] std::string user_network(const QemuSpec& spec);

}  // namespace skillaudit
