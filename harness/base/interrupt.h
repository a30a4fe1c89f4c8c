#pragma once

#include <chrono>

namespace skillaudit {

/// Ctrl-C (SIGINT), SIGTERM and SIGHUP as a value. The command line installs the handlers once;
/// every wait also polls `interrupt_fd()`, so that it ends immediately and the
/// destructors that stop VM and proxy run.

/// Installs the handlers. Idempotent.
void install_interrupt_handlers();

/// Readable once a signal came; -1 before install_interrupt_handlers().
[[nodiscard]] int interrupt_fd() noexcept;
[[nodiscard]] bool interrupted() noexcept;

/// Throws Error{Interrupted} when a signal came.
void check_interrupt();

/// Forgets a signal: for work that must still be finished. The next signal counts again.
void forget_interrupt() noexcept;

/// Sleeps, and throws Error{Interrupted} as soon as a signal comes.
void interruptible_sleep(std::chrono::milliseconds duration);

}  // namespace skillaudit
