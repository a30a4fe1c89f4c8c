#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/machine/facts.h"
#include "harness/machine/ports.h"
#include "harness/machine/shared_folder.h"

namespace skillaudit {

enum class Accelerator { Tcg, Kvm };
std::string_view name_of(Accelerator);

/// The user that cloud-init makes in each guest.
inline constexpr const char* kGuestUser = "ubuntu";
inline constexpr const char* kGuestHome = "/home/ubuntu";
[[nodiscard]] inline GuestAccount guest_account() { return {kGuestUser, kGuestHome}; }

/// Addresses inside the guest's network (QEMU's user-mode network, slirp). slirp (`restrict=on`)
/// drops all that the guest sends but what is forwarded to the proxy: so a direct attempt goes on
/// the wire, where the packet capture sees it, and nowhere else.
inline constexpr const char* kGuestAddress = "10.0.2.15";
inline constexpr const char* kGatewayAddress = "10.0.2.2";
inline constexpr const char* kResolverAddress = "10.0.2.3";
inline constexpr const char* kProxyAddress = "10.0.2.100";
inline constexpr int kProxyPort = 3128;
/// With what the proxy gives to names (qemu_network.h).
[[nodiscard]] GuestNetwork guest_network();
inline constexpr const char* kGuestMac = "52:54:00:12:34:56";

/// Where the guest's memory lives.
enum class MemoryMode {
  Private,  ///< anonymous: a VM that boots cold
  Saved,    ///< `memory_file`, shared: what the guest writes goes into the file (making a template)
  Cloned,   ///< `memory_file`, private: pages are copied when written (a clone of a template)
};

/// One QEMU process as a plain value: everything its command line depends on.
struct QemuSpec {
  std::string binary = "qemu-system-x86_64";
  Accelerator accelerator = Accelerator::Tcg;
  int cpus = 2;
  int memory_mib = 1024;
  MemoryMode memory_mode = MemoryMode::Private;
  std::filesystem::path memory_file;
  /// Direct boot; both empty: the firmware boots the disk (imported cloud images).
  std::filesystem::path kernel;
  std::filesystem::path initrd;
  std::string kernel_options = {};   ///< added to the kernel's command line, of a direct boot alone
  std::filesystem::path disk;        ///< qcow2 overlay, written to
  std::filesystem::path seed;        ///< NoCloud ISO, read-only
  std::filesystem::path tools = {};  ///< a third disk, read-only: an agent's programs; or empty
  std::filesystem::path packet_capture;
  std::filesystem::path console_log;
  /// Loopback address (127.0.0.0/8) and port of this guest's proxy. Its connections are made from
  /// that address too, so that the proxy can tell them from those of other programs on this host.
  /// Empty: nothing is forwarded.
  std::string proxy_address;
  std::uint16_t proxy_port = 0;
  int qmp_fd = -1;        ///< connected socket that QEMU inherits
  int events_fd = -1;     ///< the same, a second control socket, for who watches
  int port_fd = -1;       ///< the same, for the guest's serial port (guest_port.h)
  int trace_fd = -1;      ///< the same, for the port of the trace
  bool incoming = false;  ///< wait for a saved state before running
  /// Start from this checkpoint of the disk (checkpoint.h); empty: boot.
  std::string checkpoint = {};
  std::optional<SharedFolder> share = {};
};

/// QEMU's argument vector, argv[0] included. Pure. SSH is forwarded from a loopback port that the
/// host's kernel picks: ask for it with Qmp (`info usernet`).
/// File names are passed with QEMU's comma escaping.
[[nodiscard]] std::vector<std::string> qemu_arguments(const QemuSpec& spec);

/// What of the spec decides whether a saved state fits: the argument vector with every per-run
/// path, port and descriptor left out. Part of a template's key.
[[nodiscard]] std::string machine_identity(QemuSpec spec);

}  // namespace skillaudit
