#include "harness/providers/qemu/qemu_machine.h"

#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/json_text.h"
#include "harness/providers/qemu/accelerator.h"
#include "harness/providers/qemu/checkpoint.h"
#include "harness/providers/qemu/qemu_monitor.h"

namespace skillaudit {
namespace {

using nlohmann::json;

/// Ending by itself takes QEMU a tenth of this.
constexpr std::chrono::seconds kEnding{3};

}  // namespace

QemuMachine::QemuMachine(RunningQemu qemu, std::string image_id, const MachineBase* base,
                         std::filesystem::path base_disk)
    : qemu_(std::make_unique<RunningQemu>(std::move(qemu))),
      image_id_(std::move(image_id)),
      base_disk_(std::move(base_disk)) {
  const QemuSpec& spec = qemu_->spec();
  facts_ = {.account = guest_account(),
            .network = guest_network(),
            .os = base ? base->os : "",
            .kernel = base ? base->kernel : "",
            .hypervisor = "QEMU",
            .hypervisor_version = qemu_version(),
            .accelerator = std::string(name_of(spec.accelerator)),
            .cpus = spec.cpus,
            .memory_mib = spec.memory_mib,
            .disk_mib = qemu_->disk_mib(),
            .can = {.wire = true,
                    .disk = true,
                    .trace = true,
                    .console = true,
                    .resources = true,
                    .checkpoint = true,
                    .reboot = true}};
}

void QemuMachine::set_system(const std::string& os, const std::string& kernel) {
  facts_.os = os;
  facts_.kernel = kernel;
}

std::unique_ptr<MachineMonitor> QemuMachine::monitor() {
  return std::make_unique<QemuMonitor>(*qemu_);
}

void QemuMachine::freeze_disk(const std::filesystem::path& socket) {
  qemu_->pause();
  qemu_->export_disk(socket);
}

void QemuMachine::thaw_disk() noexcept {
  for (const auto step : {&RunningQemu::end_export, &RunningQemu::resume}) {
    try {
      (*qemu_.*step)();
    } catch (const Error&) {
      // Nothing was exported, or QEMU has died: whoever uses the guest next finds that.
      continue;
    }
  }
}

void QemuMachine::save_checkpoint(const std::string& tag) {
  skillaudit::save_checkpoint(*qemu_, tag);
}

void QemuMachine::load_checkpoint(const std::string& tag) {
  skillaudit::load_checkpoint(*qemu_, tag);
}

void QemuMachine::boot_again(const std::filesystem::path& console,
                             const std::filesystem::path& capture) {
  QemuSpec again = qemu_->spec();
  qemu_->quit(kEnding);
  again.memory_mode = MemoryMode::Private;
  again.memory_file.clear();
  again.incoming = false;
  // cloud-init did its work at the first boot. A kernel or an initramfs that gives up resets the
  // machine, and that ends QEMU.
  again.kernel_options = "cloud-init=disabled panic=1";
  again.console_log = console;
  again.packet_capture = capture;
  *qemu_ = RunningQemu::start(again, again.disk.parent_path() / "qemu-again.log");
}

MachineFiles QemuMachine::files() const {
  const QemuSpec& spec = qemu_->spec();
  return {.disk = spec.disk,
          .base_disk = base_disk_,
          .seed = spec.seed,
          .description = written({.qemu_version = facts_.hypervisor_version,
                                  .image_id = image_id_,
                                  .accelerator = spec.accelerator,
                                  .cpus = spec.cpus,
                                  .memory_mib = spec.memory_mib,
                                  .kernel = spec.kernel,
                                  .initrd = spec.initrd,
                                  .tools = spec.tools})};
}

std::string written(const QemuDescription& description) {
  return json_text(json{{"qemu_version", description.qemu_version},
                        {"image_id", description.image_id},
                        {"kvm", description.accelerator == Accelerator::Kvm},
                        {"cpus", description.cpus},
                        {"memory_mib", description.memory_mib},
                        {"kernel", description.kernel.string()},
                        {"initrd", description.initrd.string()},
                        {"tools", description.tools.string()}});
}

QemuDescription read_description(const std::string& text) {
  const json from = parse_json(text);
  return {.qemu_version = from.at("qemu_version"),
          .image_id = from.at("image_id"),
          .accelerator = from.at("kvm").get<bool>() ? Accelerator::Kvm : Accelerator::Tcg,
          .cpus = from.at("cpus"),
          .memory_mib = from.at("memory_mib"),
          .kernel = from.at("kernel").get<std::string>(),
          .initrd = from.at("initrd").get<std::string>(),
          .tools = from.value("tools", std::string())};
}

RunningQemu& qemu_of(Machine& machine) { return dynamic_cast<QemuMachine&>(machine).qemu(); }

}  // namespace skillaudit
