#include "harness/providers/qemu/accelerator.h"

#include <unistd.h>

#include <cstdlib>
#include <string>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/temp_dir.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

constexpr const char* kQemu = "qemu-system-x86_64";

/// A boot sector that writes "K" to the first serial port and halts:
///   mov dx, 0x3f8 / mov al, 'K' / out dx, al / cli / hlt / jmp $
std::string boot_sector() {
  std::string sector("\xba\xf8\x03\xb0\x4b\xee\xfa\xf4\xeb\xfe", 10);
  sector.resize(510, '\0');
  return sector + "\x55\xaa";
}

}  // namespace

bool kvm_runs_a_guest() {
  if (::access("/dev/kvm", R_OK | W_OK) != 0) return false;
  const TempDir dir;
  write_file(dir.path() / "sector", boot_sector());
  const std::filesystem::path serial = dir.path() / "serial";
  Process qemu({kQemu,
                "-nodefaults",
                "-no-user-config",
                "-display",
                "none",
                "-machine",
                "q35",
                "-accel",
                "kvm",
                "-cpu",
                "host",
                "-m",
                "64M",
                "-drive",
                "if=none,id=d,format=raw,readonly=on,file=" + (dir.path() / "sector").string(),
                "-device",
                "virtio-blk-pci,drive=d",
                "-chardev",
                "file,id=s,path=" + serial.string(),
                "-serial",
                "chardev:s"});
  for (int tenths = 0; tenths < 50 && qemu.running(); ++tenths) {
    std::error_code ignored;
    if (std::filesystem::exists(serial, ignored) &&
        read_file(serial).find('K') != std::string::npos)
      return true;
    qemu.wait(std::chrono::milliseconds(100));
  }
  return false;
}

Accelerator choose_accelerator() {
  if (const char* wanted = std::getenv("SKILLAUDIT_ACCEL"); wanted && *wanted) {
    if (std::string_view(wanted) == "tcg") return Accelerator::Tcg;
    if (std::string_view(wanted) == "kvm") return Accelerator::Kvm;
    fail(ErrorKind::Usage, "SKILLAUDIT_ACCEL is '{}': use tcg or kvm", printable(wanted));
  }
  if (::access("/dev/kvm", R_OK | W_OK) != 0) return Accelerator::Tcg;
  const std::string boot(trim(read_file("/proc/sys/kernel/random/boot_id")));
  const std::string key = boot + " " + qemu_version();
  const std::filesystem::path answer = cache_dir() / "accelerator";
  std::error_code ignored;
  if (std::filesystem::exists(answer, ignored)) {
    const std::string known = read_file(answer);
    if (known == key + " kvm") return Accelerator::Kvm;
    if (known == key + " tcg") return Accelerator::Tcg;
  }
  const Accelerator chosen = kvm_runs_a_guest() ? Accelerator::Kvm : Accelerator::Tcg;
  write_file(answer, key + " " + std::string(name_of(chosen)));
  return chosen;
}

std::string qemu_version() {
  if (find_program(kQemu).empty())
    fail(ErrorKind::Environment, "{} is not installed: apt-get install qemu-system-x86 qemu-utils",
         kQemu);
  // "QEMU emulator version 7.2.22 (Debian …)"
  const std::string text = check_output({kQemu, "--version"});
  const std::size_t at = text.find("version ");
  if (at == std::string::npos) fail(ErrorKind::Environment, "{} --version prints nothing", kQemu);
  const std::size_t end = text.find_first_of(" \n(", at + 8);
  return text.substr(at + 8, end - at - 8);
}

}  // namespace skillaudit
