#include "harness/user_vms/hold.h"

#include <fmt/core.h>
#include <poll.h>

#include "harness/base/error.h"
#include "harness/base/interrupt.h"
#include "harness/user_vms/shell.h"

namespace skillaudit {
namespace {

/// The proxy's end has no descriptor to wait on.
constexpr int kLookEvery = 1000;

}  // namespace

Held hold(ControlSocket& control, const HoldSpec& spec) {
  std::optional<Shell> shell;
  const auto start_shell = [&] {
    if (!spec.shell.empty()) shell.emplace(Shell(spec.folder, spec.shell));
  };
  start_shell();
  for (;;) {
    pollfd waits[] = {{control.fd(), POLLIN, 0},
                      {spec.machine_fd, POLLIN, 0},
                      {shell ? shell->ended_fd() : -1, POLLIN, 0},
                      {interrupt_fd(), POLLIN, 0}};
    ::poll(waits, std::size(waits), kLookEvery);
    check_interrupt();
    if (shell && shell->exit_code()) return {.shell_exit = shell->exit_code()};
    if (auto ended = spec.ending()) return {.ended = std::move(ended)};
    if (!waits[0].revents) continue;
    std::optional<Request> request = control.accept();
    if (!request) continue;
    if (request->what() == "stop") return {.stop = std::move(request)};
    if (request->what() != "reset" || !spec.reset) {
      request->answer("this VM cannot " + request->what());
      continue;
    }
    if (shell) shell->stop();
    shell.reset();
    try {
      spec.reset();
    } catch (const Error& error) {
      request->answer(error.what());
      throw;
    }
    request->answer();
    if (!spec.shell.empty())
      fmt::print(stderr, "\r\nThe VM is back in the state right after its start.\r\n");
    start_shell();
  }
}

}  // namespace skillaudit
