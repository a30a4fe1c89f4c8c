#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/interrupt.h"
#include "harness/base/text.h"
#include "harness/cli/called_as.h"
#include "harness/cli/commands.h"
#include "harness/cli/progress_view.h"
#include "harness/cli/vm_start.h"
#include "harness/providers/default_provider.h"
#include "harness/user_vms/control.h"
#include "harness/user_vms/hold.h"
#include "harness/user_vms/kept.h"
#include "harness/user_vms/record.h"
#include "harness/user_vms/shell.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;

/// A reset or a suspension writes or reads the guest's memory, on a machine that may be busy.
constexpr std::chrono::minutes kHolderLimit{5};

struct VmArguments {
  std::string name;
  std::vector<std::string> command;
};

std::vector<Vm> vms_that(bool kept) {
  std::vector<Vm> vms = list_vms(cache_dir());
  std::erase_if(vms, [&](const Vm& vm) { return vm.record.kept.has_value() != kept; });
  return vms;
}

std::string state_of(const Vm& vm) {
  if (vm.running) return "running";
  if (vm.held) return vm.record.kept ? "resuming" : "starting";
  if (vm.record.kept->checkpoint == kBefore) return "suspended, before the skill";
  if (vm.record.kept->checkpoint == kAfter) return "suspended, after the audit";
  return "suspended, as last left";
}

[[noreturn]] void not_ready(const Vm& vm) {
  fail(ErrorKind::Environment, "the VM {} is not ready yet: try again in a moment", vm.record.name);
}

int list() {
  const std::vector<Vm> vms = list_vms(cache_dir());
  if (vms.empty()) {
    fmt::print("{}", as_called("There is no VM. `skillaudit vm start` starts one; `skillaudit run "
                               "SKILL --keep always` keeps the VM of an audit.\n"));
    return 0;
  }
  fmt::print("{:<20} {:<28} {:<20} {:<13} {:<5} {:>9}  {}\n", "NAME", "STATE", "SKILL", "VERDICT",
             "GRADE", "SIZE", "CREATED");
  for (const Vm& vm : vms) {
    const Kept kept = vm.record.kept.value_or(Kept{});
    const auto or_dash = [](const std::string& text) { return text.empty() ? "-" : text; };
    fmt::print("{:<20} {:<28} {:<20} {:<13} {:<5} {:>9}  {}\n", vm.record.name, state_of(vm),
               or_dash(kept.skill), or_dash(kept.verdict), or_dash(kept.grade),
               vm.record.kept ? human_bytes(size_on_disk(vm.folder)) : "-", vm.record.created);
  }
  return 0;
}

/// Resumes a kept VM for one shell or command, and suspends it again in the state that this left.
Held enter_kept(const fs::path& cache, const Vm& vm, const std::vector<std::string>& command) {
  const auto progress = make_progress_view(!on_terminal());
  MachineProvider& provider = default_provider();
  const auto memory = provider.reserve(vm.record.kept->memory_mib, *progress);
  progress->stage("Resuming the VM " + vm.record.name);
  AwakeVm awake =
      AwakeVm::open(cache, provider, vm, [&](const std::string& text) { progress->detail(text); });
  progress->finish();
  ControlSocket control(vm.folder);
  std::optional<Held> held;
  try {
    held = hold(control,
                {.folder = vm.folder,
                 .machine_fd = awake.machine().ended_fd(),
                 .ending = [&] { return awake.ending(); },
                 .shell = shell_arguments(vm.record, awake.running(), command, on_terminal())});
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Interrupted) throw;
    // The terminal was closed or the command interrupted: keep what was done in the VM. A second
    // signal ends this at once.
    forget_interrupt();
  }
  if (const auto ended = held && held->ended ? held->ended : awake.ending())
    fail(ErrorKind::Environment, "the VM {} ended ({}): it is back in the state before this shell",
         vm.record.name, ended->text);
  progress->stage("Suspending the VM " + vm.record.name);
  awake.suspend();
  progress->finish();
  if (!held) fail(ErrorKind::Interrupted, "interrupted; the VM {} is suspended", vm.record.name);
  return std::move(*held);
}

int enter(const VmArguments& arguments) {
  const fs::path cache = cache_dir();
  const Vm vm = choose_vm(list_vms(cache), arguments.name, "vm ssh");
  if (vm.running)
    become_shell(vm.folder,
                 shell_arguments(vm.record, *vm.running, arguments.command, on_terminal()));
  if (vm.held) not_ready(vm);
  Held held = enter_kept(cache, vm, arguments.command);
  // The lock is free only now.
  if (held.stop) held.stop->answer();
  // `vm stop` cut the command off, so it did not finish its work.
  return held.shell_exit.value_or(arguments.command.empty() ? 0 : 255);
}

int stop(const VmArguments& arguments) {
  std::vector<Vm> vms = list_vms(cache_dir());
  if (arguments.name.empty()) std::erase_if(vms, [](const Vm& vm) { return !vm.held; });
  if (vms.empty()) fail(ErrorKind::Usage, "no VM is running");
  const Vm vm = choose_vm(vms, arguments.name, "vm stop");
  if (!vm.held) {
    fmt::print("{} is already suspended: none of its processes is running\n", vm.record.name);
    return 0;
  }
  if (!vm.running) not_ready(vm);
  ask_holder(vm.folder, "stop", kHolderLimit);
  fmt::print("{} {}\n", vm.record.kept ? "suspended" : "stopped", vm.record.name);
  return 0;
}

int reset(const VmArguments& arguments) {
  const Vm vm = choose_vm(arguments.name.empty() ? vms_that(false) : list_vms(cache_dir()),
                          arguments.name, "vm reset");
  if (vm.record.kept)
    fail(ErrorKind::Usage,
         "{} is the VM of an audit: to restore the state before the skill ran, use `skillaudit vm "
         "rollback {}`",
         vm.record.name, vm.record.name);
  if (!vm.running) not_ready(vm);
  ask_holder(vm.folder, "reset", kHolderLimit);
  fmt::print("{} is back in the state right after its start\n", vm.record.name);
  return 0;
}

Vm choose_kept(const VmArguments& arguments, const std::string& command,
               const std::string& instead) {
  Vm vm = choose_vm(arguments.name.empty() ? vms_that(true) : list_vms(cache_dir()), arguments.name,
                    command);
  if (!vm.record.kept)
    fail(ErrorKind::Usage, "{} is not the kept VM of an audit: use `skillaudit vm {} {}`",
         vm.record.name, instead, vm.record.name);
  return vm;
}

int rollback(const VmArguments& arguments) {
  const Vm vm = choose_kept(arguments, "vm rollback", "reset");
  roll_back(default_provider(), vm);
  fmt::print("{} is back in the state before the skill {} ran\n", vm.record.name,
             vm.record.kept->skill);
  return 0;
}

int remove(const VmArguments& arguments) {
  const Vm vm = choose_kept(arguments, "vm rm", "stop");
  remove_kept(cache_dir(), vm);
  fmt::print("removed {}\n", vm.record.name);
  return 0;
}

void add_start(Command& vm) {
  Command start = vm.add_command(
      "start", "Start a sandbox VM and open a shell; exit stops it and removes its files");
  const auto arguments = std::make_shared<VmStartArguments>();
  start.add_option("--name", arguments->name, "Name of the VM (default: vm, vm-2, …)");
  start.add_option("--share", arguments->share,
                   "Share a folder of this machine as ~/share, read-write, or DIR:ro for "
                   "read-only. Boots from the image, about a minute");
  add_network_options(start, arguments->network);
  start
      .add_option("--os", arguments->os,
                  "Operating system of the guest, or the name of an imported image")
      .show_default();
  start.add_flag("--cold", arguments->cold,
                 "Boot the VM from its image instead of cloning a saved one; takes about a minute");
  start.set_footer(
      "Examples:\n"
      "  skillaudit vm start\n"
      "  skillaudit vm start --share ~/my-skill:ro --network none\n"
      "  skillaudit vm start --name box --allow 'GET https://api.example.com/*' </dev/null &\n"
      "\n"
      "Without a terminal it stays in the foreground and prints the guest's serial console to "
      "stdout, until\n"
      "Ctrl-C or `skillaudit vm stop`.\n"
      "\n"
      "A guest can read everything in a shared folder, except links that point elsewhere. Unless "
      "the folder\n"
      "is shared with :ro, it can also change, fill and delete all of it. Files it creates are "
      "owned by you\n"
      "with mode 0600; owners, modes, links and devices that it sets exist only in the guest. "
      "Links made on\n"
      "this machine work in a :ro share if they stay inside it, and cannot be read in a writable "
      "share.");
  start.set_action([arguments] { return vm_start(*arguments); });
}

/// A subcommand with at most one argument, the name.
void add_named(Command& vm, const std::string& name, const std::string& description,
               int (*action)(const VmArguments&), const std::string& footer) {
  Command command = vm.add_command(name, description);
  const auto arguments = std::make_shared<VmArguments>();
  command.add_option("NAME", arguments->name, "Name of the VM; optional if there is only one");
  command.set_footer(footer);
  command.set_action([arguments, action] { return action(*arguments); });
}

}  // namespace

std::vector<std::string> take_guest_command(std::vector<std::string>& words) {
  std::vector<std::string> command;
  if (words.size() < 3 || words[0] != "vm" || words[1] != "ssh") return command;
  const auto mark = std::find(words.begin(), words.end(), "--");
  if (mark == words.end()) return command;
  command.assign(mark + 1, words.end());
  words.erase(mark, words.end());
  return command;
}

void add_vm_command(Command& program, const std::vector<std::string>& guest_command) {
  Command vm = program.add_command("vm", "Start a sandbox VM, or use the VMs kept after audits");
  vm.require_command();
  add_start(vm);

  Command list_command = vm.add_command("list", "List running and kept VMs");
  list_command.set_footer("Example:\n  skillaudit vm list");
  list_command.set_action([] { return list(); });

  Command ssh = vm.add_command(
      "ssh",
      "Open a shell in a VM, or run a command in it; a kept VM is resumed and suspended again");
  const auto arguments = std::make_shared<VmArguments>();
  ssh.add_option("NAME", arguments->name, "Name of the VM; optional if there is only one");
  arguments->command = guest_command;
  ssh.set_footer(
      "Examples:\n"
      "  skillaudit vm ssh\n"
      "  skillaudit vm ssh my-skill -- ls -la .claude/skills\n"
      "  skillaudit vm ssh my-skill -- 'ps aux | grep python'\n"
      "\n"
      "After `--`, one word is a shell command line; several words are a command and its "
      "arguments.\n"
      "The exit code is the command's, or 255 if the guest was not reached. A kept VM is suspended "
      "in\n"
      "the state in which the shell left it, even if the terminal is closed.");
  ssh.set_action([arguments] { return enter(*arguments); });

  add_named(vm, "stop", "Stop a running VM; a kept VM is suspended", stop,
            "Examples:\n  skillaudit vm stop\n  skillaudit vm stop box");
  add_named(vm, "reset", "Restore a running VM to the state right after its start", reset,
            "Examples:\n  skillaudit vm reset\n  skillaudit vm reset box");
  add_named(vm, "rollback", "Restore a kept VM to the state before the skill ran", rollback,
            "Example:\n  skillaudit vm rollback my-skill");
  add_named(vm, "rm", "Delete a kept VM and its files", remove,
            "Example:\n  skillaudit vm rm my-skill");
  vm.set_footer(
      "Examples:\n"
      "  skillaudit vm start --share ~/project      a shell in a sandbox, with a shared folder\n"
      "  skillaudit vm ssh -- uname -a              from another terminal\n"
      "  skillaudit run my-skill --keep always      keep the VM of an audit\n"
      "  skillaudit vm ssh my-skill                 open a shell in it\n"
      "  skillaudit vm rollback my-skill            restore the state before the skill ran\n"
      "  skillaudit vm rm my-skill                  delete it");
}

}  // namespace skillaudit
