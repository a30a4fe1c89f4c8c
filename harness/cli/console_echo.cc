#include "harness/cli/console_echo.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <string>

#include "harness/base/fd.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

constexpr int kLookEveryMs = 100;
/// A line that never ends is shown in pieces of this size.
constexpr std::size_t kLongestLine = 4096;

/// False if stdout is closed.
bool put(const std::string& text) {
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t wrote = ::write(STDOUT_FILENO, text.data() + done, text.size() - done);
    if (wrote < 0 && errno != EINTR && errno != EAGAIN) return false;
    if (wrote > 0) done += static_cast<std::size_t>(wrote);
  }
  return true;
}

/// Whole lines of `pending` as they may be shown; the rest stays.
std::string take_lines(std::string& pending, bool all) {
  std::size_t end = pending.rfind('\n');
  end = end == std::string::npos ? 0 : end + 1;
  if (all || (end == 0 && pending.size() > kLongestLine)) end = pending.size();
  std::string lines;
  for (const char c : pending.substr(0, end))
    if (c != '\r') lines += c;
  pending.erase(0, end);
  return printable_block(lines);
}

void echo(const std::stop_token& stop, const std::filesystem::path& path) {
  // A closed reader is an error here; it must not end the process.
  sigset_t sigpipe;
  ::sigemptyset(&sigpipe);
  ::sigaddset(&sigpipe, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &sigpipe, nullptr);
  Fd file;
  std::string pending;
  for (bool last = false;;) {
    if (!file) file = Fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    char piece[1 << 14];
    const ssize_t got = file ? ::read(file.get(), piece, sizeof piece) : 0;
    if (got > 0) pending.append(piece, static_cast<std::size_t>(got));
    if (!put(take_lines(pending, last))) return;
    if (got > 0) continue;
    if (last) return;
    last = stop.stop_requested();
    ::poll(nullptr, 0, kLookEveryMs);
  }
}

}  // namespace

ConsoleEcho::ConsoleEcho(std::filesystem::path file)
    : thread_([file = std::move(file)](const std::stop_token& stop) { echo(stop, file); }) {}

}  // namespace skillaudit
