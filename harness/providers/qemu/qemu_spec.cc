#include "harness/providers/qemu/qemu_spec.h"

#include <fmt/core.h>

#include "harness/base/text.h"
#include "harness/providers/qemu/qemu_network.h"

namespace skillaudit {
namespace {

/// In a QEMU option string a comma separates; a doubled one stands for itself (qemu(1)).
std::string escaped(const std::filesystem::path& path) {
  std::string text;
  for (const char c : path.string()) {
    text += c;
    if (c == ',') text += ',';
  }
  return text;
}

std::string memory_object(const QemuSpec& spec) {
  switch (spec.memory_mode) {
    case MemoryMode::Private:
      return fmt::format("memory-backend-ram,id=ram,size={}M", spec.memory_mib);
    case MemoryMode::Saved:
      return fmt::format("memory-backend-file,id=ram,size={}M,mem-path={},share=on",
                         spec.memory_mib, escaped(spec.memory_file));
    case MemoryMode::Cloned:
      return fmt::format("memory-backend-file,id=ram,size={}M,mem-path={},share=off",
                         spec.memory_mib, escaped(spec.memory_file));
  }
  return {};
}

using Words = std::vector<std::string>;

/// Nothing that we did not ask for: no default NIC, CD-ROM, VGA, monitor or user configuration.
Words hardware(const QemuSpec& spec) {
  const bool kvm = spec.accelerator == Accelerator::Kvm;
  return {spec.binary, "-nodefaults", "-no-user-config", "-display", "none", "-name", "guest",
          "-machine", "q35,memory-backend=ram", "-accel", kvm ? "kvm" : "tcg,thread=multi", "-cpu",
          kvm ? "host" : "Nehalem", "-smp", std::to_string(spec.cpus), "-m",
          fmt::format("{}M", spec.memory_mib), "-object", memory_object(spec), "-rtc",
          "base=utc,clock=host",
          // A guest that reboots ends: a second boot is made on purpose, never by accident.
          "-no-reboot"};
}

Words direct_boot(const QemuSpec& spec) {
  if (spec.kernel.empty()) return {};
  return {"-kernel",
          spec.kernel.string(),
          "-initrd",
          spec.initrd.string(),
          "-append",
          "root=/dev/vda rw console=ttyS0 net.ifnames=0 mitigations=off loglevel=4" +
              (spec.kernel_options.empty() ? "" : " " + spec.kernel_options)};
}

Words drive(const char* id, const std::string& options, const std::filesystem::path& file) {
  return {"-drive", fmt::format("if=none,id={},{},file={}", id, options, escaped(file)), "-device",
          fmt::format("virtio-blk-pci,drive={}", id)};
}

Words network_card(const QemuSpec& spec) {
  return {"-netdev",
          user_network(spec),
          "-device",
          fmt::format("virtio-net-pci,netdev=net,mac={},romfile=", kGuestMac),
          "-object",
          fmt::format("filter-dump,id=capture,netdev=net,file={}", escaped(spec.packet_capture)),
          "-object",
          "rng-random,id=rng,filename=/dev/urandom",
          "-device",
          "virtio-rng-pci,rng=rng"};
}

/// The console, the two control sockets, and the guest's two serial ports.
Words channels(const QemuSpec& spec) {
  return {"-chardev", fmt::format("file,id=console,path={}", escaped(spec.console_log)),
          "-serial",  "chardev:console",
          "-chardev", fmt::format("socket,id=qmp,fd={}", spec.qmp_fd),
          "-mon",     "chardev=qmp,mode=control",
          "-chardev", fmt::format("socket,id=events,fd={}", spec.events_fd),
          "-mon",     "chardev=events,mode=control",
          "-device",  "virtio-serial-pci,max_ports=3",
          "-chardev", fmt::format("socket,id=port,fd={}", spec.port_fd),
          "-device",  fmt::format("virtserialport,chardev=port,id=port,name={}", kGuestPortName),
          "-chardev", fmt::format("socket,id=trace,fd={}", spec.trace_fd),
          "-device",  fmt::format("virtserialport,chardev=trace,id=trace,name={}", kTracePortName)};
}

/// guestfwd starts socat in a session of its own, so QEMU must be able to spawn and to call setsid,
/// which is in seccomp's set "elevateprivileges". Nothing gains privileges all the same: a process
/// with a seccomp filter of libseccomp has no_new_privs.
const Words kSeccomp = {"-sandbox", "on,obsolete=deny,spawn=allow,resourcecontrol=deny"};

/// mapped-xattr: owners, modes, links and devices that the guest makes are kept in extended
/// attributes, and the host's file is a plain one of this user's with mode 0600. So no guest can
/// leave a setuid program, a device or a symlink on the host, whoever runs QEMU. The price, that
/// links made on the host cannot be read, is not paid where nothing is written.
Words shared_folder(const QemuSpec& spec) {
  if (!spec.share) return {};
  return {"-fsdev",
          fmt::format("local,id=share,multidevs=remap,path={},{}", escaped(spec.share->folder),
                      spec.share->read_only ? "security_model=none,readonly=on"
                                            : "security_model=mapped-xattr"),
          "-device", fmt::format("virtio-9p-pci,fsdev=share,mount_tag={}", kShareTag)};
}

}  // namespace

std::string_view name_of(Accelerator accelerator) {
  return accelerator == Accelerator::Kvm ? "kvm" : "tcg";
}

std::vector<std::string> qemu_arguments(const QemuSpec& spec) {
  constexpr const char* kReadOnly = "format=raw,readonly=on";
  Words argv;
  for (const Words& part : {hardware(spec), direct_boot(spec),
                            drive("disk", "format=qcow2,cache=unsafe,discard=unmap", spec.disk),
                            drive("seed", kReadOnly, spec.seed),
                            spec.tools.empty() ? Words() : drive("tools", kReadOnly, spec.tools),
                            network_card(spec), channels(spec), kSeccomp, shared_folder(spec)})
    argv.insert(argv.end(), part.begin(), part.end());
  if (spec.incoming) argv.insert(argv.end(), {"-incoming", "defer"});
  if (!spec.checkpoint.empty()) argv.insert(argv.end(), {"-loadvm", spec.checkpoint});
  return argv;
}

std::string machine_identity(QemuSpec spec) {
  spec.memory_file = spec.disk = spec.seed = spec.packet_capture = spec.console_log = "-";
  if (!spec.kernel.empty()) spec.kernel = spec.initrd = "-";
  if (!spec.tools.empty()) spec.tools = "-";
  spec.memory_mode = MemoryMode::Cloned;
  spec.proxy_address = "127.0.0.1";
  spec.proxy_port = 1;
  spec.qmp_fd = spec.events_fd = spec.port_fd = spec.trace_fd = 0;
  spec.incoming = false;
  spec.checkpoint.clear();
  return join(qemu_arguments(spec), "\n");
}

}  // namespace skillaudit
