#include "harness/sensors/kernel_audit_rules.h"

#include <fmt/core.h>
#include <linux/audit.h>

#include <cstddef>
#include <cstring>
#include <set>

#include "harness/agents/places.h"
#include "harness/sensors/syscalls.h"

namespace skillaudit {
namespace {

constexpr std::uint32_t kInternet = 2, kInternet6 = 10, kPacket = 17;  // AF_INET, AF_INET6, …

struct Field {
  std::uint32_t type = 0;
  std::uint32_t operation = AUDIT_EQUAL;
  std::uint32_t value = 0;
  std::string text;
};

class Rules {
 public:
  /// One rule for each interface. `watched`: the path that it is about, which the key tells.
  void add(TraceKind kind, std::initializer_list<const char*> calls,
           const std::vector<Field>& fields, const std::string& watched = {}) {
    for (const bool old : {false, true}) {
      audit_rule_data rule = exit_rule();
      bool any = false;
      for (const char* call : calls) {
        const SyscallNumbers numbers = syscall_numbers(call);
        const int number = old ? numbers.in_32_bit : numbers.in_64_bit;
        if (number < 0) continue;
        rule.mask[AUDIT_WORD(number)] |= AUDIT_BIT(number);
        any = true;
      }
      if (!any) continue;
      std::vector<Field> all = {
          {AUDIT_ARCH, AUDIT_EQUAL, old ? AUDIT_ARCH_I386 : AUDIT_ARCH_X86_64, {}}};
      all.insert(all.end(), fields.begin(), fields.end());
      const std::string key(name_of(kind));
      all.push_back({AUDIT_FILTERKEY, AUDIT_EQUAL, 0, watched.empty() ? key : key + ":" + watched});
      put(kind, rule, all);
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
constexpr std::uint32_t kCreates = 0100;        // O_CREAT
constexpr std::uint32_t kUnnamed = 020000000;   // __O_TMPFILE
constexpr std::uint32_t kBlockDevice = 060000;  // S_IFBLK
constexpr std::uint32_t kSpecialBits = 06000;   // setuid, setgid

Field argument(unsigned number, std::uint32_t value, std::uint32_t operation = AUDIT_EQUAL) {
  return {AUDIT_ARG0 + number, operation, value, {}};
}

/// Signals to the audit's processes. Signal 0 is none. A descriptor of a process does not show
/// whose it is; the record of the signal names the process that got it.
void add_signal_rules(Rules& rules, const KernelAuditOrder& order) {
  for (const std::int64_t pid : order.guarded) {
    const Field guarded = argument(0, static_cast<std::uint32_t>(pid));
    rules.add(TraceKind::Kill, {"kill", "tkill", "rt_sigqueueinfo"},
              {guarded, argument(1, 0, AUDIT_NOT_EQUAL)});
    rules.add(TraceKind::Kill, {"tgkill", "rt_tgsigqueueinfo"},
              {guarded, argument(2, 0, AUDIT_NOT_EQUAL)});
  }
  rules.add(TraceKind::Kill, {"pidfd_send_signal"}, {argument(1, 0, AUDIT_NOT_EQUAL)});
}

void add_memory_rules(Rules& rules) {
  // PTRACE_POKETEXT, POKEDATA, ATTACH, SEIZE (ptrace(2)).
  for (const std::uint32_t request : {4U, 5U, 16U, 0x4206U})
    rules.add(TraceKind::Ptrace, {"ptrace"}, {argument(0, request)});
  rules.add(TraceKind::Ptrace, {"process_vm_writev"}, {});
  rules.add(TraceKind::Memfd, {"memfd_create"}, {});
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
              {"unlink", "unlinkat", "rename", "renameat", "renameat2", "truncate", "creat"},
              {logs});
    rules.add(TraceKind::LogCut, {"open"}, {argument(1, kTruncates, AUDIT_BIT_MASK), logs});
    rules.add(TraceKind::LogCut, {"openat"}, {argument(2, kTruncates, AUDIT_BIT_MASK), logs});
  }
}

/// A watch ends with the name that it was set for: who moves a secret, or a folder that it is in,
/// reads it unseen. A folder's watch tells of the names in it, too.
void add_secret_rules(Rules& rules, const KernelAuditOrder& order) {
  std::set<std::string> places;
  for (const std::string& secret : order.secrets) {
    rules.watch(TraceKind::SecretRead, secret, kRead);
    for (std::string path = secret; path.starts_with(order.home + "/");
         path.resize(path.rfind('/')))
      places.insert(path);
  }
  for (const std::string& path : places)
    rules.add(TraceKind::SecretChange, {"rename", "renameat", "renameat2"},
              {{AUDIT_WATCH, AUDIT_EQUAL, 0, path}}, path);
}

/// A mode with the bits of setuid or setgid, wherever a call that makes files takes one; on folders
/// they give no rights. The mode of openat2 lies in memory; what it makes is in the listing.
void add_mode_rules(Rules& rules) {
  const auto mode = [](unsigned number) { return argument(number, kSpecialBits, AUDIT_BIT_MASK); };
  rules.add(TraceKind::SetId, {"chmod", "fchmod", "creat", "mknod"}, {mode(1)});
  rules.add(TraceKind::SetId, {"fchmodat", "fchmodat2", "mknodat"}, {mode(2)});
  for (const std::uint32_t flag : {kCreates, kUnnamed}) {
    rules.add(TraceKind::SetId, {"open"}, {argument(1, flag, AUDIT_BIT_MASK), mode(2)});
    rules.add(TraceKind::SetId, {"openat"}, {argument(2, flag, AUDIT_BIT_MASK), mode(3)});
  }
  rules.add(TraceKind::SetId, {"setxattr", "lsetxattr", "fsetxattr"}, {});
}

void add_file_rules(Rules& rules, const KernelAuditOrder& order) {
  add_mode_rules(rules);
  add_log_rules(rules);
  add_secret_rules(rules, order);
  for (const std::string& document : order.documents)
    rules.watch(TraceKind::DocumentRead, document, kRead);
  for (const char* path : kMachine) rules.watch(TraceKind::MachineRead, path, kRead);
  for (const char* path : kRawDevices) rules.watch(TraceKind::RawDevice, path, AUDIT_PERM_WRITE);
  rules.add(TraceKind::RawDevice, {"mknod"}, {argument(1, kBlockDevice, AUDIT_BIT_TEST)});
  rules.add(TraceKind::RawDevice, {"mknodat"}, {argument(2, kBlockDevice, AUDIT_BIT_TEST)});
  // After the rules for writing: of several that match, the first gives an event its kind.
  for (const char* path : kRawDevices) rules.watch(TraceKind::RawRead, path, kRead);
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
  rules.add(TraceKind::Exec, {"execve", "execveat"}, {succeeded});
  rules.add(TraceKind::Exit, {"exit_group"}, {});
  rules.add(TraceKind::Fork, {"clone", "clone3", "fork", "vfork"}, {succeeded});
  for (const std::uint32_t family : {kInternet, kInternet6}) {
    const Field of_family{AUDIT_SADDR_FAM, AUDIT_EQUAL, family, {}};
    rules.add(TraceKind::Connect, {"connect", "sendto", "sendmsg", "sendmmsg", "socketcall"},
              {of_family});
    rules.add(TraceKind::Bind, {"bind"}, {of_family});
  }
  add_memory_rules(rules);
  rules.add(
      TraceKind::KernelCode,
      {"init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "bpf"}, {});
  rules.add(TraceKind::Mount, {"mount", "umount2", "pivot_root", "move_mount", "mount_setattr"},
            {});
  rules.add(TraceKind::HandleOpen, {"open_by_handle_at"}, {});
  rules.add(TraceKind::PacketSocket, {"socket"}, {argument(0, kPacket)});
  rules.add(TraceKind::Namespace, {"unshare", "setns"}, {});
  rules.add(TraceKind::IoUring, {"io_uring_setup"}, {});
  rules.add(TraceKind::Clock, {"clock_settime", "clock_settime64", "settimeofday"}, {});
  add_signal_rules(rules, order);
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

}  // namespace skillaudit
