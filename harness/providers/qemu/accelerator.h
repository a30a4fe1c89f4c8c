#pragma once

#include "harness/providers/qemu/qemu_spec.h"

namespace skillaudit {

/// KVM where it really runs a guest, else TCG. `/dev/kvm` may exist and open on machines where no
/// guest can run, so a payload of a few bytes is booted and must be heard on its serial port within
/// 5 s. The answer is cached for this boot of the host and this QEMU.
/// `SKILLAUDIT_ACCEL=tcg|kvm` overrides (Error{Usage} for anything else).
[[nodiscard]] Accelerator choose_accelerator();

/// What the probe says, without the cache and the override.
[[nodiscard]] bool kvm_runs_a_guest();

/// "7.2.22"; Error{Environment} with the command that installs QEMU when there is none.
[[nodiscard]] std::string qemu_version();

}  // namespace skillaudit
