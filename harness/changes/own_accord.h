#pragma once

#include <string_view>

#include "harness/evidence/evidence.h"

namespace skillaudit {

/// Programs that were there before a skill and start others: systemd for units, cron and at for
/// their jobs, D-Bus for services, sshd for logins, udev for devices, the kernel for helpers.
enum class Starter { None, Systemd, Cron, At, DBus, Ssh, Udev, Kernel };

/// By the path of its program; the kernel has none.
[[nodiscard]] Starter starter_at(std::string_view program);
/// "systemd", "cron": in a sentence.
[[nodiscard]] std::string_view name_of(Starter);

/// Whether what was executed is the starter itself still, between its fork and the program that it
/// was to start.
[[nodiscard]] bool is_starters_own(std::string_view program);

/// Whether the machine does it by itself: Debian's timers, jobs of cron that were there before,
/// helpers of D-Bus, udev and the kernel. Tied to the program: one that is new or changed is
/// nothing of the machine's, whatever its path.
[[nodiscard]] bool is_of_own_accord(const Evidence& evidence, Starter starter,
                                    const TraceEvent& exec);
/// Whether the program makes units for systemd from other settings (systemd.generator(7)).
[[nodiscard]] bool is_generator(std::string_view program);
/// Whether the file at the path is the one that was there before: by size, times and target. With
/// merged /usr, /lib/x is /usr/lib/x.
[[nodiscard]] bool is_as_before(const Evidence& evidence, std::string_view path);
/// Whether the program, and the script that it runs, are as they were before the skill began.
[[nodiscard]] bool runs_what_was_there(const Evidence& evidence, const TraceEvent& exec);

}  // namespace skillaudit
