#pragma once

#include <chrono>

namespace skillaudit {

/// Ctrl-C (SIGINT), SIGTERM and SIGHUP as a value. The command line installs the handlers once;
/// whoever waits on something polls `interrupt_fd()` beside it, so that a wait ends at once and the
/// destructors that stop VM and proxy run.

/// Installs the handlers. Idempotent.
void install_interrupt_handlers();

/// Readable once a signal came; -1 before install_interrupt_handlers().
[[nodiscard]] int interrupt_fd() noexcept;
[[nodiscard]] bool interrupted() noexcept;

/// Throws Error{Interrupted} when a signal came.
void check_interrupt();

/// As if no signal had come: for what must be finished all the same. The next one counts again.
void forget_interrupt() noexcept;

/// Sleeps, and throws Error{Interrupted} as soon as a signal comes.
void interruptible_sleep(std::chrono::milliseconds duration);

}  // namespace skillaudit
