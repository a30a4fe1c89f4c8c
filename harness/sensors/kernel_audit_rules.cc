#include "harness/sensors/kernel_audit_rules.h"

#include <fmt/core.h>
#include <linux/audit.h>
#include <sys/syscall.h>

#include <cstddef>
#include <cstring>

#include "harness/agents/places.h"

namespace skillaudit {
namespace {

/// A system call by its numbers: the 64-bit one, and that of the old interface by which the same
/// kernel serves 32-bit programs (arch/x86/entry/syscalls), -1 where it has none.
struct Call {
  const char* name;
  int number;
  int old_number;
};

constexpr Call kExecve{"execve", SYS_execve, 11};
constexpr Call kExecveat{"execveat", SYS_execveat, 358};
constexpr Call kExitGroup{"exit_group", SYS_exit_group, 252};
constexpr Call kClone{"clone", SYS_clone, 120};
constexpr Call kClone3{"clone3", 435, 435};
constexpr Call kFork{"fork", SYS_fork, 2};
constexpr Call kVfork{"vfork", SYS_vfork, 190};
constexpr Call kConnect{"connect", SYS_connect, 362};
constexpr Call kSendto{"sendto", SYS_sendto, 369};
constexpr Call kSendmsg{"sendmsg", SYS_sendmsg, 370};
constexpr Call kSendmmsg{"sendmmsg", SYS_sendmmsg, 345};
constexpr Call kSocketcall{"socketcall", -1, 102};
constexpr Call kBind{"bind", SYS_bind, 361};
constexpr Call kPtrace{"ptrace", SYS_ptrace, 26};
constexpr Call kVmWrite{"process_vm_writev", SYS_process_vm_writev, 348};
constexpr Call kMemfd{"memfd_create", SYS_memfd_create, 356};
constexpr Call kInitModule{"init_module", SYS_init_module, 128};
constexpr Call kFinitModule{"finit_module", SYS_finit_module, 350};
constexpr Call kDeleteModule{"delete_module", SYS_delete_module, 129};
constexpr Call kKexec{"kexec_load", SYS_kexec_load, 283};
constexpr Call kKexecFile{"kexec_file_load", SYS_kexec_file_load, -1};
constexpr Call kBpf{"bpf", SYS_bpf, 357};
constexpr Call kMount{"mount", SYS_mount, 21};
constexpr Call kUmount{"umount2", SYS_umount2, 52};
constexpr Call kPivot{"pivot_root", SYS_pivot_root, 217};
constexpr Call kMoveMount{"move_mount", 429, 429};
constexpr Call kUnshare{"unshare", SYS_unshare, 310};
constexpr Call kSetns{"setns", SYS_setns, 346};
constexpr Call kIoUring{"io_uring_setup", 425, 425};
constexpr Call kClockSet{"clock_settime", SYS_clock_settime, 264};
constexpr Call kClockSet64{"clock_settime64", -1, 404};
constexpr Call kSetTime{"settimeofday", SYS_settimeofday, 79};
constexpr Call kKill{"kill", SYS_kill, 37};
constexpr Call kTkill{"tkill", SYS_tkill, 238};
constexpr Call kTgkill{"tgkill", SYS_tgkill, 270};
constexpr Call kPidfd{"pidfd_open", 434, 434};
constexpr Call kChmod{"chmod", SYS_chmod, 15};
constexpr Call kFchmod{"fchmod", SYS_fchmod, 94};
constexpr Call kFchmodat{"fchmodat", SYS_fchmodat, 306};
constexpr Call kFchmodat2{"fchmodat2", 452, 452};
constexpr Call kSetxattr{"setxattr", SYS_setxattr, 226};
constexpr Call kLsetxattr{"lsetxattr", SYS_lsetxattr, 227};
constexpr Call kFsetxattr{"fsetxattr", SYS_fsetxattr, 228};
constexpr Call kUnlink{"unlink", SYS_unlink, 10};
constexpr Call kUnlinkat{"unlinkat", SYS_unlinkat, 301};
constexpr Call kRename{"rename", SYS_rename, 38};
constexpr Call kRenameat{"renameat", SYS_renameat, 302};
constexpr Call kRenameat2{"renameat2", SYS_renameat2, 353};
constexpr Call kTruncate{"truncate", SYS_truncate, 92};
constexpr Call kOpen{"open", SYS_open, 5};
constexpr Call kOpenat{"openat", SYS_openat, 295};
constexpr Call kCreat{"creat", SYS_creat, 8};
constexpr Call kOpenat2{"openat2", 437, 437};
constexpr Call kMknod{"mknod", SYS_mknod, 14};
constexpr Call kMknodat{"mknodat", SYS_mknodat, 297};

constexpr Call kKnown[] = {
    kExecve,    kExecveat, kExitGroup,  kClone,       kClone3,       kFork,      kVfork,
    kConnect,   kSendto,   kSendmsg,    kSendmmsg,    kSocketcall,   kBind,      kPtrace,
    kVmWrite,   kMemfd,    kInitModule, kFinitModule, kDeleteModule, kKexec,     kKexecFile,
    kBpf,       kMount,    kUmount,     kPivot,       kMoveMount,    kUnshare,   kSetns,
    kIoUring,   kClockSet, kClockSet64, kSetTime,     kKill,         kTkill,     kTgkill,
    kPidfd,     kChmod,    kFchmod,     kFchmodat,    kFchmodat2,    kSetxattr,  kLsetxattr,
    kFsetxattr, kUnlink,   kUnlinkat,   kRename,      kRenameat,     kRenameat2, kTruncate,
    kOpen,      kOpenat,   kCreat,      kOpenat2,     kMknod,        kMknodat};

constexpr std::uint32_t kInternet = 2, kInternet6 = 10;  // AF_INET, AF_INET6

struct Field {
  std::uint32_t type = 0;
  std::uint32_t operation = AUDIT_EQUAL;
  std::uint32_t value = 0;
  std::string text;
};

class Rules {
 public:
  /// One rule for each interface.
  void add(TraceKind kind, std::initializer_list<Call> calls, const std::vector<Field>& fields) {
    for (const bool old : {false, true}) {
      audit_rule_data rule = exit_rule();
      bool any = false;
      for (const Call& call : calls) {
        const int number = old ? call.old_number : call.number;
        if (number < 0) continue;
        rule.mask[AUDIT_WORD(number)] |= AUDIT_BIT(number);
        any = true;
      }
      if (!any) continue;
      std::vector<Field> all = {
          {AUDIT_ARCH, AUDIT_EQUAL, old ? AUDIT_ARCH_I386 : AUDIT_ARCH_X86_64, {}}};
      all.insert(all.end(), fields.begin(), fields.end());
      finish(kind, rule, std::move(all));
    }
  }

  /// What is at `path`, and of a folder the names in it.
  void watch(TraceKind kind, const std::string& path, std::uint32_t access) {
    audit_rule_data rule = exit_rule();
    std::memset(rule.mask, 0xff, sizeof rule.mask);
    // The key tells what is watched: an event names it as its process did, by a link or a
    // descriptor.
    put(kind, rule,
        {{AUDIT_WATCH, AUDIT_EQUAL, 0, path},
         {AUDIT_PERM, AUDIT_EQUAL, access, {}},
         {AUDIT_FILTERKEY, AUDIT_EQUAL, 0, fmt::format("{}:{}", name_of(kind), path)}});
  }

  /// Records that say nothing that others do not.
  void leave_out(std::uint32_t first, std::uint32_t last) {
    audit_rule_data rule{};
    rule.flags = AUDIT_FILTER_EXCLUDE;
    rule.action = AUDIT_ALWAYS;
    put(TraceKind::AuditConfig, rule,
        {{AUDIT_MSGTYPE, AUDIT_GREATER_THAN_OR_EQUAL, first, {}},
         {AUDIT_MSGTYPE, AUDIT_LESS_THAN_OR_EQUAL, last, {}}});
  }

  [[nodiscard]] std::vector<KernelAuditRule> take() { return std::move(rules_); }

 private:
  static audit_rule_data exit_rule() {
    audit_rule_data rule{};
    rule.flags = AUDIT_FILTER_EXIT;
    rule.action = AUDIT_ALWAYS;
    return rule;
  }

  void finish(TraceKind kind, const audit_rule_data& rule, std::vector<Field> fields) {
    fields.push_back({AUDIT_FILTERKEY, AUDIT_EQUAL, 0, std::string(name_of(kind))});
    put(kind, rule, fields);
  }

  void put(TraceKind kind, audit_rule_data rule, const std::vector<Field>& fields) {
    std::string texts;
    for (const Field& field : fields) {
      rule.fields[rule.field_count] = field.type;
      rule.fieldflags[rule.field_count] = field.operation;
      rule.values[rule.field_count] =
          field.text.empty() ? field.value : static_cast<std::uint32_t>(field.text.size());
      texts += field.text;
      ++rule.field_count;
    }
    rule.buflen = static_cast<std::uint32_t>(texts.size());
    std::string blob(offsetof(audit_rule_data, buf), '\0');
    std::memcpy(blob.data(), &rule, blob.size());
    rules_.push_back({kind, blob + texts});
  }

  std::vector<KernelAuditRule> rules_;
};

/// Where a program looks that wants to know whether its machine is a real one (systemd-detect-virt,
/// virt-what).
constexpr const char* kMachine[] = {
    "/sys/class/dmi/id/product_name",   "/sys/class/dmi/id/sys_vendor",
    "/sys/class/dmi/id/board_vendor",   "/sys/class/dmi/id/bios_vendor",
    "/sys/class/dmi/id/chassis_vendor", "/sys/class/dmi/id/product_version",
    "/sys/firmware/dmi/tables/DMI"};

/// By which the disk or the memory can be written past the file system and its times.
constexpr const char* kRawDevices[] = {"/dev/vda",  "/dev/vda1", "/dev/sda",
                                       "/dev/sda1", "/dev/mem",  "/dev/port"};

constexpr std::uint32_t kRead = AUDIT_PERM_READ;
constexpr std::uint32_t kChange = AUDIT_PERM_WRITE | AUDIT_PERM_ATTR;
constexpr std::uint32_t kTruncates = 01000;     // O_TRUNC
constexpr std::uint32_t kBlockDevice = 060000;  // S_IFBLK
constexpr std::uint32_t kSpecialBits = 06000;   // setuid, setgid

Field argument(unsigned number, std::uint32_t value, std::uint32_t operation = AUDIT_EQUAL) {
  return {AUDIT_ARG0 + number, operation, value, {}};
}

void add_memory_rules(Rules& rules) {
  // PTRACE_POKETEXT, POKEDATA, ATTACH, SEIZE (ptrace(2)).
  for (const std::uint32_t request : {4U, 5U, 16U, 0x4206U})
    rules.add(TraceKind::Ptrace, {kPtrace}, {argument(0, request)});
  rules.add(TraceKind::Ptrace, {kVmWrite}, {});
  rules.add(TraceKind::Memfd, {kMemfd}, {});
}

/// What the table of places wants watched. A row about homes is about root's, too.
void add_place_rules(Rules& rules, const KernelAuditOrder& order) {
  const auto watch = [&](const KnownPlace& place, const std::string& path) {
    if (place.has(kReadsWatched)) rules.watch(TraceKind::SecretRead, path, kRead);
    if (place.watch == Watch::Cuts) rules.watch(TraceKind::LogCut, path, kChange);
    if (place.watch == Watch::Changes) rules.watch(TraceKind::Persist, path, kChange);
  };
  for (const KnownPlace& place : kPlaces) {
    const std::string path(place.path());
    if (place.whose() == Whose::Home)
      for (const std::string& home : {order.home, std::string("/root")}) watch(place, home + path);
    // A folder of logs is watched to its depth, see add_log_rules().
    else if (place.whose() == Whose::System && !(place.watch == Watch::Cuts && place.is_folder()))
      watch(place, path);
  }
}

void add_log_rules(Rules& rules) {
  for (const KnownPlace& place : kPlaces) {
    if (place.watch != Watch::Cuts || place.whose() != Whose::System) continue;
    const Field logs{AUDIT_DIR, AUDIT_EQUAL, 0, std::string(place.path())};
    rules.add(TraceKind::LogCut,
              {kUnlink, kUnlinkat, kRename, kRenameat, kRenameat2, kTruncate, kCreat}, {logs});
    rules.add(TraceKind::LogCut, {kOpen}, {argument(1, kTruncates, AUDIT_BIT_MASK), logs});
    rules.add(TraceKind::LogCut, {kOpenat}, {argument(2, kTruncates, AUDIT_BIT_MASK), logs});
  }
}

void add_file_rules(Rules& rules, const KernelAuditOrder& order) {
  rules.add(TraceKind::SetId, {kChmod, kFchmod}, {argument(1, kSpecialBits, AUDIT_BIT_MASK)});
  rules.add(TraceKind::SetId, {kFchmodat, kFchmodat2}, {argument(2, kSpecialBits, AUDIT_BIT_MASK)});
  rules.add(TraceKind::SetId, {kSetxattr, kLsetxattr, kFsetxattr}, {});
  add_log_rules(rules);
  for (const std::string& secret : order.secrets) rules.watch(TraceKind::SecretRead, secret, kRead);
  for (const char* path : kMachine) rules.watch(TraceKind::MachineRead, path, kRead);
  for (const char* path : kRawDevices) rules.watch(TraceKind::RawDevice, path, AUDIT_PERM_WRITE);
  rules.add(TraceKind::RawDevice, {kMknod}, {argument(1, kBlockDevice, AUDIT_BIT_TEST)});
  rules.add(TraceKind::RawDevice, {kMknodat}, {argument(2, kBlockDevice, AUDIT_BIT_TEST)});
  add_place_rules(rules, order);
}

}  // namespace

std::vector<KernelAuditRule> kernel_audit_rules(const KernelAuditOrder& order) {
  Rules rules;
  // What PAM, sudo and systemd tell of themselves; the title of a process, which its arguments
  // hold; the end of an event; programs that systemd gives to the kernel's packet filter.
  rules.leave_out(1100, 1199);
  rules.leave_out(AUDIT_PROCTITLE, AUDIT_PROCTITLE);
  rules.leave_out(AUDIT_EOE, AUDIT_EOE);
  rules.leave_out(AUDIT_BPF, AUDIT_BPF);
  const Field succeeded{AUDIT_SUCCESS, AUDIT_EQUAL, 1, {}};
  rules.add(TraceKind::Exec, {kExecve, kExecveat}, {succeeded});
  rules.add(TraceKind::Exit, {kExitGroup}, {});
  rules.add(TraceKind::Fork, {kClone, kClone3, kFork, kVfork}, {succeeded});
  for (const std::uint32_t family : {kInternet, kInternet6}) {
    const Field of_family{AUDIT_SADDR_FAM, AUDIT_EQUAL, family, {}};
    rules.add(TraceKind::Connect, {kConnect, kSendto, kSendmsg, kSendmmsg, kSocketcall},
              {of_family});
    rules.add(TraceKind::Bind, {kBind}, {of_family});
  }
  add_memory_rules(rules);
  rules.add(TraceKind::KernelCode,
            {kInitModule, kFinitModule, kDeleteModule, kKexec, kKexecFile, kBpf}, {});
  rules.add(TraceKind::Mount, {kMount, kUmount, kPivot, kMoveMount}, {});
  rules.add(TraceKind::Namespace, {kUnshare, kSetns}, {});
  rules.add(TraceKind::IoUring, {kIoUring}, {});
  rules.add(TraceKind::Clock, {kClockSet, kClockSet64, kSetTime}, {});
  for (const std::int64_t pid : order.guarded)
    rules.add(TraceKind::Kill, {kKill, kTkill, kTgkill, kPidfd},
              {argument(0, static_cast<std::uint32_t>(pid))});
  add_file_rules(rules, order);
  return rules.take();
}

std::string pack_rules(const std::vector<KernelAuditRule>& rules) {
  std::string packed;
  for (const KernelAuditRule& rule : rules) {
    for (int i = 0; i < 4; ++i)
      packed.push_back(static_cast<char>(rule.blob.size() >> (8 * i) & 0xff));
    packed += rule.blob;
  }
  return packed;
}

std::string syscall_name(std::uint32_t arch, int number) {
  const bool old = arch == AUDIT_ARCH_I386;
  for (const Call& call : kKnown)
    if ((old ? call.old_number : call.number) == number)
      return old ? fmt::format("{} (32-bit)", call.name) : call.name;
  return fmt::format("{} {}", old ? "32-bit call" : "call", number);
}

}  // namespace skillaudit
