#include "harness/providers/qemu/running_qemu.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <cerrno>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::pair<Fd, Fd> socket_pair() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    fail(ErrorKind::Environment, "cannot create a socket pair: {}", errno_text(errno));
  return {Fd(ends[0]), Fd(ends[1])};
}

/// With `x-ignore-shared` the memory stays in its file and only the devices' state is moved.
void ignore_shared_memory(Qmp& qmp) {
  qmp.execute(
      "migrate-set-capabilities",
      {{"capabilities", json::array({{{"capability", "x-ignore-shared"}, {"state", true}}})}});
}

}  // namespace

RunningQemu RunningQemu::start(QemuSpec spec, const fs::path& log) {
  auto [control, qemus_control] = socket_pair();
  auto [events, qemus_events] = socket_pair();
  auto [port, qemus_port] = socket_pair();
  auto [trace, qemus_trace] = socket_pair();
  RunningQemu machine;
  spec.qmp_fd = qemus_control.get();
  spec.events_fd = qemus_events.get();
  spec.port_fd = qemus_port.get();
  spec.trace_fd = qemus_trace.get();
  machine.spec_ = spec;
  machine.log_ = log;
  machine.process_ =
      Process(qemu_arguments(spec),
              {.log = log, .inherit = {spec.qmp_fd, spec.events_fd, spec.port_fd, spec.trace_fd}});
  machine.qmp_ = Qmp(std::move(control));
  machine.port_ = GuestPort(std::move(port));
  machine.events_ = std::move(events);
  machine.trace_ = std::move(trace);
  try {
    machine.ssh_port_ = machine.qmp_.ssh_port();
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Interrupted) throw;
    machine.process_.wait(std::chrono::seconds(1));
    const std::string said = fs::exists(log) ? read_file(log, 1 << 20) : "";
    fail(ErrorKind::Environment, "QEMU did not start ({}): {}", machine.process_.ending(),
         trim(said).empty() ? error.what() : printable_block(shorten(trim(said), 1500)));
  }
  return machine;
}

std::optional<Ending> RunningQemu::how_it_ended() {
  if (running()) return std::nullopt;
  // A guest that halts or reboots lets QEMU end in order (-no-reboot).
  return Ending{process_.exit_code() == 0 ? Ending::By::Guest : Ending::By::Hypervisor,
                "QEMU ended: " + process_.ending()};
}

void RunningQemu::quit(std::chrono::milliseconds patience) {
  try {
    if (running()) qmp_.execute("quit", nlohmann::json::object(), patience);
  } catch (const Error& error) {
    // It may close the socket before it has answered, and one that hangs never answers.
    if (error.kind() != ErrorKind::Evidence) throw;
  }
  process_.wait(patience);
  stop();
}

void RunningQemu::pause() { qmp_.execute("stop"); }

void RunningQemu::resume() { qmp_.execute("cont"); }

void RunningQemu::end_export() { qmp_.execute("nbd-server-stop"); }

void RunningQemu::save(const fs::path& state) {
  Fd file(::open(state.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!file) fail(ErrorKind::Environment, "cannot write {}: {}", state.string(), errno_text(errno));
  qmp_.execute("stop");
  ignore_shared_memory(qmp_);
  qmp_.send_fd("state", file.get());
  qmp_.execute("migrate", {{"uri", "fd:state"}});
  qmp_.wait_migrated("save", std::chrono::minutes(1));
  quit();
  // A disk that filled up is reported late, by fsync or close.
  if (::fsync(file.get()) != 0 || ::close(file.release()) != 0)
    fail(ErrorKind::Environment, "cannot write {}: {}", state.string(), errno_text(errno));
}

void RunningQemu::load(const fs::path& state) {
  Fd file(::open(state.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) fail(ErrorKind::Environment, "cannot read {}: {}", state.string(), errno_text(errno));
  ignore_shared_memory(qmp_);
  qmp_.send_fd("state", file.get());
  qmp_.execute("migrate-incoming", {{"uri", "fd:state"}});
  qmp_.wait_migrated("load", std::chrono::seconds(30));
  qmp_.execute("cont");
}

void RunningQemu::export_disk(const fs::path& socket) {
  const json blocks = qmp_.execute("query-block");
  qmp_.execute("nbd-server-start",
               {{"addr", {{"type", "unix"}, {"data", {{"path", socket.string()}}}}}});
  // The disk is the first device of qemu_arguments().
  qmp_.execute("block-export-add", {{"type", "nbd"},
                                    {"id", "disk"},
                                    {"name", "disk"},
                                    {"node-name", blocks.at(0).at("inserted").at("node-name")},
                                    {"writable", false}});
}

int RunningQemu::disk_mib() {
  // The disk is the first device of qemu_arguments().
  const json blocks = qmp_.execute("query-block");
  return static_cast<int>(
      blocks.at(0).at("inserted").at("image").at("virtual-size").get<std::uint64_t>() >> 20);
}

void create_overlay(const fs::path& backing, const fs::path& overlay) {
  check_output({"qemu-img", "create", "-q", "-f", "qcow2", "-F", "qcow2", "-b",
                fs::canonical(backing).string(), overlay.string()});
}

}  // namespace skillaudit
