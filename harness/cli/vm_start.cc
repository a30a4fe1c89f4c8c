#include "harness/cli/vm_start.h"

#include <fmt/core.h>
#include <unistd.h>

#include "harness/audit/requirements.h"
#include "harness/audit/sandbox.h"
#include "harness/base/clock.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/interrupt.h"
#include "harness/base/name.h"
#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/bundle/layout.h"
#include "harness/cli/called_as.h"
#include "harness/cli/console_echo.h"
#include "harness/cli/progress_view.h"
#include "harness/providers/default_provider.h"
#include "harness/user_vms/hold.h"
#include "harness/user_vms/record.h"
#include "harness/user_vms/share.h"
#include "harness/user_vms/shell.h"
#include "harness/user_vms/wake.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;

constexpr const char* kReady = "ready";
/// The session's own processes end a moment after it.
constexpr std::chrono::milliseconds kSessionEnd{700};

/// The VM's entry among the user's VMs, from before it starts until it has ended.
class Entry {
 public:
  Entry(const fs::path& cache, const std::string& wanted) : workspace_(cache) {
    const FileLock naming = lock_names(cache);
    const std::vector<Vm> vms = list_vms(cache);
    record_.name = free_name(vms, wanted.empty() ? "vm" : wanted);
    if (!wanted.empty() && record_.name != wanted)
      fail(ErrorKind::Usage,
           "a VM named {} already exists: choose another --name, or end it with `skillaudit vm {} "
           "{}`",
           wanted, choose_vm(vms, wanted, "").record.kept ? "rm" : "stop", wanted);
    record_.user = default_provider().account().user;
    record_.created = utc_now();
    write_record(folder(), record_);
  }
  [[nodiscard]] const fs::path& folder() const { return workspace_.path(); }
  [[nodiscard]] const std::string& name() const { return record_.name; }

  /// From now on other processes can enter it.
  Running open(Sandbox& sandbox) {
    record_.os = sandbox.base().os;
    record_.client_private_key = sandbox.identity().client_key.private_key;
    record_.host_public_key = sandbox.identity().host_key.public_key;
    const Running running{::getpid(), sandbox.machine().ssh_port()};
    write_record(folder(), record_);
    write_shell_files(folder(), record_);
    write_running(folder(), running);
    return running;
  }
  [[nodiscard]] const VmRecord& record() const { return record_; }

 private:
  Workspace workspace_;
  VmRecord record_;
};

void show(const Entry& entry, Sandbox& sandbox, const VmStartArguments& arguments,
          const std::optional<SharedFolder>& share, bool shell) {
  const MachineFacts& machine = sandbox.machine().facts();
  std::string text = fmt::format("\nThe VM {} is ready: {}, {} CPUs, {} MiB\n", entry.name(),
                                 machine.os, machine.cpus, machine.memory_mib);
  const auto line = [&](std::string_view what, const std::string& how) {
    text += fmt::format("  {:<9} {}\n", what, how);
  };
  line("network", fmt::format("{}; requests are recorded in {}",
                              network_label(arguments.network, sandbox.policy()),
                              path_in(entry.folder(), BundleFile::Flows).string()));
  if (share)
    line("share", fmt::format("{} is ~/share, {}", printable(share->folder.string()),
                              share->read_only ? "read-only" : "read-write"));
  line("enter",
       called_as() + " vm ssh " + entry.name() + (shell ? "   (from another terminal)" : ""));
  line("undo", called_as() + " vm reset " + entry.name() + "   (everything from now on)");
  line("end", shell ? "exit this shell: stops VM and proxy, removes the files"
                    : "Ctrl-C, or " + called_as() + " vm stop " + entry.name());
  fmt::print(stderr, "{}\n", text);
}

/// Returns the request that ended it, if there was one: it is answered after everything is removed.
std::optional<Request> run_vm(const VmStartArguments& arguments) {
  if (!arguments.name.empty()) check_name("a VM", arguments.name);
  std::optional<SharedFolder> share;
  if (!arguments.share.empty()) share = parse_share(arguments.share);
  const Policy policy = policy_of(arguments.network);
  require_audit_programs(default_provider());
  const bool shell = on_terminal();
  const fs::path cache = cache_dir();
  Entry entry(cache, arguments.name);
  const auto progress = make_progress_view(false);
  std::optional<ConsoleEcho> console;
  if (!shell) console.emplace(path_in(entry.folder(), BundleFile::Console));

  Sandbox sandbox = Sandbox::open(default_provider(),
                                  {.os = arguments.os,
                                   .policy = policy,
                                   .cold = arguments.cold || share.has_value(),
                                   .share = share,
                                   .evidence_dir = entry.folder()},
                                  *progress);
  // Before the session and the share: neither survives a return to this moment.
  progress->stage("Saving the state to return to");
  sandbox.hang_up();
  interruptible_sleep(kSessionEnd);
  sandbox.machine().save_checkpoint(kReady);
  const GuestAccount& account = sandbox.machine().facts().account;
  const auto complete = [&] {
    SshSession guest = sandbox.connect();
    wake(guest);
    if (share) mount_share(guest, *share, account.user, account.home);
  };
  complete();
  progress->finish();

  ControlSocket control(entry.folder());
  const Running running = entry.open(sandbox);
  show(entry, sandbox, arguments, share, shell);
  HoldSpec hold_spec{.folder = entry.folder(),
                     .machine_fd = sandbox.machine().ended_fd(),
                     .ending = [&] { return sandbox.ending(); },
                     .reset =
                         [&] {
                           sandbox.machine().load_checkpoint(kReady);
                           complete();
                         }};
  if (shell) hold_spec.shell = shell_arguments(entry.record(), running, {}, true);
  Held held = hold(control, hold_spec);
  remove_running(entry.folder());
  sandbox.close();
  if (held.ended && held.ended->by != Ending::By::Guest)
    fail(ErrorKind::Environment, "the VM {} ended: {}", entry.name(), held.ended->text);
  fmt::print(stderr, "The VM {} has ended.\n", entry.name());
  return std::move(held.stop);
}

}  // namespace

int vm_start(const VmStartArguments& arguments) {
  if (std::optional<Request> stop = run_vm(arguments)) stop->answer();
  return 0;
}

}  // namespace skillaudit
