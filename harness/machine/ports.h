#pragma once

namespace skillaudit {

/// The names of a guest's two serial ports, under /dev/virtio-ports in the guest: names that most
/// VMs have, so that they tell a skill nothing. At the first one the witness waits; through the
/// second one the trace leaves the guest.
inline constexpr const char* kGuestPortName = "org.qemu.guest_agent.0";
inline constexpr const char* kTracePortName = "com.redhat.spice.0";

}  // namespace skillaudit
