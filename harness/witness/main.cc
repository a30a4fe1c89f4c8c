// The audit's witness in the guest: one static program, so that nothing which a skill replaces (a
// shell, find, a library) speaks in its place, and so that an emulated processor has little code to
// translate. A template leaves it waiting at the guest's serial port; where it does not answer any
// more, the host sends another one over SSH, which speaks on standard input and output.
//
//   PROGRAM PORT TRACE   waits at the serial port, in the background; a trace goes to the other
//   port PROGRAM -            standard input and output, until the end of the input
//
// Requests, a line each, and what follows them:
//   ping                          -> the seconds since the boot and since 1970, a line
//   prepare HEAD FILES            prepare.h; HEAD and FILES are sizes of what follows
//   reload-sshd                   -> "done"
//   capture NONCE SESSION ROOT CANARY   -> "answer NONCE", and capture.h; "-" stands for an empty
//   word details NONCE SIZE            -> "answer NONCE", and a stream
//   watch NONCE SESSION           -> "answer NONCE", and what the step's processes do: steps.h
//   signal NONCE SESSION NUMBER   -> "answer NONCE", and how many it reached
//   ask NONCE PORT SIZE           -> "answer NONCE", and the code of the HTTP answer
//   restart                       -> "restarting", and the machine boots
//   trace                         -> "reader PID WITNESS": whom no signal may reach, unseen
//   trace-rules MARK SIZE         -> "rules ADDED REFUSED", once they are locked and MARK is in the
//                                    trace
//   trace-end MARK                -> "trace ENABLED LOST READER", and MARK is in the trace
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
#include "harness/witness/steps.h"
#include "harness/witness/trace.h"

namespace witness {
namespace {

/// A file system of the guest's that never answers must not hold the witness for ever.
constexpr unsigned kPatienceSeconds = 170;

std::string clocks() {
  std::string line;
  for (const clockid_t clock : {CLOCK_BOOTTIME, CLOCK_REALTIME}) {
    timespec now{};
    ::clock_gettime(clock, &now);
    std::array<char, 40> word{};
    const int size =
        std::snprintf(word.data(), word.size(), "%s%lld.%06ld", line.empty() ? "" : " ",
                      static_cast<long long>(now.tv_sec), now.tv_nsec / 1000);
    line.append(word.data(), static_cast<std::size_t>(size));
  }
  return line + "\n";
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

void serve(Channel& channel, TraceReader* reader) {
  for (;;) {
    const std::string line = channel.read_line();
    const auto parts = words(line);
    if (parts.empty()) continue;
    if (parts[0] == "ping") {
      channel.write(clocks());
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
    } else if (parts[0] == "watch" && parts.size() == 3) {
      channel.write("answer " + std::string(parts[1]) + "\n" +
                    watch_step(static_cast<int>(number(parts[2]))));
    } else if (parts[0] == "signal" && parts.size() == 4) {
      channel.write(
          "answer " + std::string(parts[1]) + "\n" +
          signal_step(static_cast<int>(number(parts[2])), static_cast<int>(number(parts[3]))));
    } else if (parts[0] == "ask" && parts.size() == 4) {
      const std::string request = channel.read(number(parts[3]));
      channel.write("answer " + std::string(parts[1]) + "\n" +
                    ask_port(static_cast<std::uint16_t>(number(parts[2])), request));
    } else if (parts[0] == "restart") {
      channel.write("restarting\n");
      restart();
    } else if (parts[0] == "trace" && reader != nullptr) {
      reader->begin();
      channel.write("reader " + std::to_string(reader->pid()) + " " + std::to_string(::getpid()) +
                    "\n");
    } else if (parts[0] == "trace-rules" && parts.size() == 3) {
      const RulesAdded rules = lock_rules(channel.read(number(parts[2])));
      mark_trace(parts[1]);
      channel.write("rules " + std::to_string(rules.added) + " " + std::to_string(rules.refused) +
                    "\n");
    } else if (parts[0] == "trace-end" && parts.size() == 2) {
      mark_trace(parts[1]);
      const TraceStatus status = trace_status();
      channel.write("trace " + std::to_string(status.enabled) + " " + std::to_string(status.lost) +
                    " " + std::to_string(status.reader) + "\n");
    } else {
      channel.write("failed unknown request\n");
    }
  }
}

/// Serves until the end of the input; a request that failed is answered and not the end.
int serve_for_ever(Channel& channel, TraceReader* reader) {
  for (;;) {
    try {
      serve(channel, reader);
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

/// What a list of processes shows: a machine has a guest agent and an audit daemon as often as not;
/// one that says what it is would tell a skill where it runs.
void dress_as(char** argv, std::string_view path) {
  char* const begin = argv[0];
  char* end = begin;
  for (char** word = argv; *word != nullptr; ++word) end = *word + std::strlen(*word);
  const std::size_t room = static_cast<std::size_t>(end - begin);
  if (room < path.size()) return;
  std::memset(begin, 0, room);
  std::memcpy(begin, path.data(), path.size());
  ::prctl(PR_SET_NAME, std::string(path.substr(path.rfind('/') + 1)).c_str());
}

/// The program lies in memory, and needs its file no more. False for one that was not sent: a test.
bool was_sent() {
  const auto file = link_target("/proc/self/exe");
  if (!file || !file->starts_with("/dev/shm/")) return false;
  ::unlink(file->c_str());
  return true;
}

int wait_at(char** argv, bool sent) {
  const std::string path = argv[1];
  const std::string trace = argv[2];
  const int port = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (port < 0) {
    std::perror(path.c_str());
    return 1;
  }
  go_into_the_background();
  // A guest that a skill keeps busy must not look like one whose witness was killed.
  ::setpriority(PRIO_PROCESS, 0, -20);
  TraceReader reader(trace, [&] {
    if (sent) dress_as(argv, "/usr/sbin/auditd");
  });
  if (sent) dress_as(argv, "/usr/sbin/qemu-ga");
  Channel channel(port, port, true);
  channel.on_signal([&] { reader.revive(); });
  struct sigaction noticed {};
  noticed.sa_handler = [](int) {};
  ::sigaction(SIGCHLD, &noticed, nullptr);
  return serve_for_ever(channel, &reader);
}

}  // namespace
}  // namespace witness

int main(int argc, char** argv) {
  ::signal(SIGPIPE, SIG_IGN);
  const bool once = argc == 2 && std::string_view(argv[1]) == "-";
  if (!once && argc != 3) {
    std::fputs("usage: PROGRAM PORT TRACE | PROGRAM -\n", stderr);
    return 64;
  }
  const bool sent = witness::was_sent();
  if (!once) return witness::wait_at(argv, sent);
  witness::Channel channel(0, 1, false);
  return witness::serve_for_ever(channel, nullptr);
}
