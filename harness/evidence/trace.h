#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/evidence/gap.h"

namespace skillaudit {

/// What an event of the trace is about: the rule of the kernel's audit system that recorded it
/// (harness/sensors/kernel_audit_rules.h), or the kernel's own record of that kind.
enum class TraceKind {
  Exec,          ///< execve, execveat that succeeded
  Exit,          ///< a process ended by itself
  Fork,          ///< `result` is the new process
  Connect,       ///< connect to an IP address, or a datagram sent to one
  Bind,          ///< bind to an IP address
  SecretRead,    ///< a decoy or the password hashes were opened
  DocumentRead,  ///< a document, note, source or history of the furnished home was opened
  MachineRead,   ///< what tells a virtual machine was opened: DMI, /sys/hypervisor
  Persist,       ///< a place by which something runs again was opened for writing, or changed
  LogCut,        ///< something under /var/log, or a history, was truncated, renamed or removed
  SetId,         ///< chmod with a setuid or setgid bit, or an attribute that gives capabilities
  Ptrace,        ///< attached to another process (`target`), or wrote into its memory
  Memfd,         ///< memfd_create
  KernelCode,    ///< a kernel module, bpf, kexec
  Mount,         ///< mount, umount, pivot_root, move_mount
  Namespace,     ///< unshare, setns
  IoUring,       ///< io_uring_setup
  Clock,         ///< the clock was set
  Kill,          ///< a signal, not 0, to a process of the audit (`target`); by pidfd, to any
  AuditConfig,   ///< the audit system's configuration, or an attempt to change it
  Crash,         ///< a process was ended by a signal that its own fault raised
  RawDevice,     ///< a disk or the memory was opened for writing as a device, or such a device was
                 ///< made
  RawRead,       ///< a disk or the memory was opened for reading as a device
  HandleOpen,    ///< open_by_handle_at: a file was opened without its path
  PacketSocket,  ///< a socket that sees or sends whole frames
  SecretChange,  ///< a decoy, or a folder that it is in, was moved
};
inline constexpr std::size_t kTraceKinds = static_cast<std::size_t>(TraceKind::SecretChange) + 1;
/// "exec", "secret-read": as in timeline.jsonl.
[[nodiscard]] std::string_view name_of(TraceKind);

/// One event: what the records of one serial number of the kernel's audit system say together.
/// Strings are the guest's bytes.
struct TraceEvent {
  std::uint64_t serial = 0;
  /// Seconds since the trace began, by a clock of the guest that cannot be set.
  double time_s = 0;
  TraceKind kind = TraceKind::Exec;
  std::int64_t pid = 0;
  std::int64_t parent = 0;
  std::uint32_t uid = 0;
  std::uint32_t effective_uid = 0;
  std::uint32_t login_uid = 0;  ///< who logged in; 4294967295: a service of the system
  bool success = true;
  std::int64_t result = 0;  ///< what the system call returned
  std::int64_t target = 0;  ///< the other process, of Ptrace and Kill
  std::string syscall;      ///< "execve"
  std::string name;         ///< comm, at most 15 bytes
  std::string program;      ///< the path of the program, " (deleted)" after one that is gone
  std::string folder;       ///< working directory, where recorded
  std::vector<std::string> arguments;  ///< Exec: argv, each shortened to 4 KiB, at most 256
  std::vector<std::string> paths;      ///< what was named, absolute where it can be told
  std::string address;                 ///< Connect, Bind: IPv4 or IPv6
  std::uint16_t port = 0;
  std::string detail;  ///< AuditConfig, Crash: the kernel's words
  bool operator==(const TraceEvent&) const = default;
};

/// The guest's processes as its kernel told of them while the skill ran. What it told had left the
/// guest before the next system call could take it back.
struct Trace {
  std::vector<TraceEvent> events;  ///< in the order of the kernel
  bool collected = false;          ///< false: this audit had no trace; `events` proves nothing
  double began_at = 0;             ///< seconds since the epoch, the host's clock; 0: not known
  double began_uptime_s = 0;       ///< as the guest's kernel stamps its messages; 0: not known
  std::int64_t session = 0;        ///< the process that the skill's steps are children of
  std::int64_t reader = 0;         ///< the process that reads the trace
  /// The reader fell silent, was replaced or left the port before the audit asked it to.
  std::string silenced;  ///< one sentence, or empty
  /// By how much the guest's clock was set between the beginning and the end, against the seconds
  /// since its boot.
  double clock_step_s = 0;
  std::uint64_t lost = 0;           ///< events that the kernel says it could not keep
  std::uint64_t dropped_bytes = 0;  ///< of the trace, past what is kept of one
  std::uint64_t omitted = 0;        ///< events past what an audit keeps
  std::uint64_t malformed = 0;      ///< records that are none
  std::vector<Gap> gaps;
};

}  // namespace skillaudit
