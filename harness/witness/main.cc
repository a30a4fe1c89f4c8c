// The audit's witness in the guest: one static program, so that nothing which a skill replaces (a
// shell, find, a library) speaks in its place, and so that an emulated processor has little code to
// translate. A template leaves it waiting at the guest's serial port; where it does not answer any
// more, the host sends another one over SSH, which speaks on standard input and output.
//
//   PROGRAM PORT   waits at the serial port, in the background
//   PROGRAM -      standard input and output, until the end of the input
//
// Requests, a line each, and what follows them:
//   ping                          -> the seconds since the boot, a line
//   prepare HEAD FILES            prepare.h; HEAD and FILES are sizes of what follows
//   reload-sshd                   -> "done"
//   capture NONCE SESSION ROOT CANARY   -> "answer NONCE", and capture.h; "-" stands for an empty
//   word details NONCE SIZE            -> "answer NONCE", and a stream
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <functional>

#include "harness/witness/capture.h"
#include "harness/witness/channel.h"
#include "harness/witness/io.h"
#include "harness/witness/prepare.h"

namespace witness {
namespace {

/// A file system of the guest's that never answers must not hold the witness for ever.
constexpr unsigned kPatienceSeconds = 170;

std::string uptime() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  std::array<char, 40> line{};
  const int size = std::snprintf(line.data(), line.size(), "%lld.%06ld\n",
                                 static_cast<long long>(now.tv_sec), now.tv_nsec / 1000);
  return {line.data(), static_cast<std::size_t>(size)};
}

/// In a process of its own: whatever befalls it, the root is thawed afterwards.
void beside(Channel& channel, const std::function<void()>& work) {
  const pid_t child = ::fork();
  if (child < 0) fail_on("a process");
  if (child == 0) {
    ::alarm(kPatienceSeconds);
    int code = 0;
    try {
      work();
    } catch (const Failure& failed) {
      channel.write("failed " + failed.message + "\n");
      code = 1;
    } catch (const Channel::End&) {
      code = 1;
    }
    ::_exit(code);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (status != 0) thaw();
}

std::string or_empty(std::string_view word) { return word == "-" ? "" : std::string(word); }

void serve(Channel& channel) {
  for (;;) {
    const std::string line = channel.read_line();
    const auto parts = words(line);
    if (parts.empty()) continue;
    if (parts[0] == "ping") {
      channel.write(uptime());
    } else if (parts[0] == "prepare" && parts.size() == 3) {
      prepare(channel, number(parts[1]), number(parts[2]));
    } else if (parts[0] == "reload-sshd") {
      reload_sshd();
      channel.write("done\n");
    } else if (parts[0] == "capture" && parts.size() == 5) {
      channel.write("answer " + std::string(parts[1]) + "\n");
      const int self = ::getpid();
      beside(channel, [&] {
        capture(channel,
                {self, static_cast<int>(number(parts[2])), or_empty(parts[3]), or_empty(parts[4])});
      });
    } else if (parts[0] == "details" && parts.size() == 3) {
      const std::string requests = channel.read(number(parts[2]));
      channel.write("answer " + std::string(parts[1]) + "\n");
      beside(channel, [&] { details(channel, requests); });
    } else {
      channel.write("failed unknown request\n");
    }
  }
}

/// Serves until the end of the input; a request that failed is answered and not the end.
int serve_for_ever(Channel& channel) {
  for (;;) {
    try {
      serve(channel);
    } catch (const Failure& failed) {
      channel.write("failed " + failed.message + "\n");
    } catch (const Channel::End&) {
      return 0;
    }
  }
}

/// Returns in the child alone, once it waits; the parent ends when that is so.
void go_into_the_background() {
  std::array<int, 2> ready{};
  if (::pipe(ready.data()) != 0) fail_on("a pipe");
  if (::fork() != 0) {
    ::close(ready[1]);
    char byte = 0;
    ::_exit(::read(ready[0], &byte, 1) == 1 ? 0 : 1);
  }
  ::close(ready[0]);
  ::setsid();
  ::signal(SIGHUP, SIG_IGN);
  [[maybe_unused]] const int moved = ::chdir("/");
  const int null = ::open("/dev/null", O_RDWR);
  for (int fd = 0; fd < 3; ++fd) ::dup2(null, fd);
  ::close(null);
  if (::write(ready[1], "1", 1) != 1) ::_exit(1);
  ::close(ready[1]);
}

/// The program lies in memory, and needs its file no more. A machine has a guest agent as often as
/// not; one that says what it is would tell a skill where it runs.
void blend_in(char** argv) {
  const auto file = link_target("/proc/self/exe");
  if (!file || !file->starts_with("/dev/shm/")) return;  // not sent: a test
  ::unlink(file->c_str());
  constexpr std::string_view kAgent = "/usr/sbin/qemu-ga";
  if (std::string_view(argv[0]).size() >= kAgent.size())
    std::memcpy(argv[0], kAgent.data(), kAgent.size() + 1);
  ::prctl(PR_SET_NAME, "qemu-ga");
}

int wait_at(const char* path) {
  const int port = ::open(path, O_RDWR | O_CLOEXEC);
  if (port < 0) {
    std::perror(path);
    return 1;
  }
  go_into_the_background();
  // A guest that a skill keeps busy must not look like one whose witness was killed.
  ::setpriority(PRIO_PROCESS, 0, -20);
  Channel channel(port, port, true);
  return serve_for_ever(channel);
}

}  // namespace
}  // namespace witness

int main(int argc, char** argv) {
  ::signal(SIGPIPE, SIG_IGN);
  if (argc != 2) {
    std::fputs("usage: PROGRAM PORT|-\n", stderr);
    return 64;
  }
  witness::blend_in(argv);
  if (std::string_view(argv[1]) != "-") return witness::wait_at(argv[1]);
  witness::Channel channel(0, 1, false);
  return witness::serve_for_ever(channel);
}
