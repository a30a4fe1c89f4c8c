#include "harness/user_vms/shell.h"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;

std::string find_ssh() {
  const fs::path program = find_program("ssh");
  if (program.empty())
    fail(ErrorKind::Environment,
         "the program ssh is not installed: install it with `apt-get install openssh-client`");
  return fs::absolute(program).string();
}

/// Only calls that are safe between fork and exec.
void execute(const std::string& program, const fs::path& folder, std::vector<char*>& arguments) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) ::signal(signal, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  if (::chdir(folder.c_str()) == 0) ::execv(program.c_str(), arguments.data());
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> result;
  for (std::string& word : words) result.push_back(word.data());
  result.push_back(nullptr);
  return result;
}

}  // namespace

std::vector<std::string> shell_arguments(const VmRecord& record, const Running& running,
                                         const std::vector<std::string>& command, bool terminal) {
  std::vector<std::string> words = {
      "ssh", "-F", "none", terminal ? "-t" : "-T", "-p", std::to_string(running.ssh_port)};
  for (const char* option :
       {"IdentityFile=id", "IdentitiesOnly=yes", "IdentityAgent=none",
        "UserKnownHostsFile=known_hosts", "GlobalKnownHostsFile=/dev/null", "HostKeyAlias=guest",
        "StrictHostKeyChecking=yes", "UpdateHostKeys=no", "PasswordAuthentication=no",
        "KbdInteractiveAuthentication=no", "ForwardAgent=no", "ForwardX11=no",
        "ClearAllForwardings=yes", "LogLevel=ERROR", "ConnectTimeout=60"})
    words.insert(words.end(), {"-o", option});
  words.push_back(record.user + "@127.0.0.1");
  if (command.empty()) return words;
  words.emplace_back("--");
  if (command.size() == 1) {
    words.push_back(command[0]);
  } else {
    std::vector<std::string> quoted;
    for (const std::string& word : command) quoted.push_back(shell_quote(word));
    words.push_back(join(quoted, " "));
  }
  return words;
}

void write_shell_files(const fs::path& folder, const VmRecord& record) {
  write_file(folder / "id", record.client_private_key, 0600);
  write_file(folder / "known_hosts", "guest " + record.host_public_key + "\n", 0600);
}

Shell::Shell(const fs::path& folder, const std::vector<std::string>& arguments) {
  const std::string program = find_ssh();
  std::vector<std::string> words = arguments;
  std::vector<char*> argv = pointers(words);
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ < 0) fail(ErrorKind::Environment, "cannot start ssh: {}", errno_text(errno));
  if (pid_ == 0) {
    // By SIGTERM it still puts the terminal right.
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() == parent) execute(program, folder, argv);
    ::_exit(255);
  }
  pidfd_ = Fd(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
}

Shell::Shell(Shell&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      pidfd_(std::move(other.pidfd_)),
      exit_code_(other.exit_code_) {}

Shell::~Shell() { stop(); }

std::optional<int> Shell::exit_code() {
  if (exit_code_ || pid_ < 0) return exit_code_;
  int status = 0;
  const pid_t ended = ::waitpid(pid_, &status, WNOHANG);
  if (ended == pid_)
    exit_code_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  else if (ended < 0 && errno != EINTR)
    exit_code_ = 255;  // somebody else reaped it
  return exit_code_;
}

void Shell::stop() {
  if (pid_ < 0 || exit_code()) return;
  for (const int signal : {SIGTERM, SIGKILL}) {
    ::kill(pid_, signal);
    pollfd ended{pidfd_.get(), POLLIN, 0};
    ::poll(&ended, 1, 2000);
    if (exit_code()) return;
  }
}

void become_shell(const fs::path& folder, const std::vector<std::string>& arguments) {
  const std::string program = find_ssh();
  std::vector<std::string> words = arguments;
  std::vector<char*> argv = pointers(words);
  execute(program, folder, argv);
  fail(ErrorKind::Environment, "cannot start {}: {}", program, errno_text(errno));
}

bool on_terminal() { return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1; }

}  // namespace skillaudit
