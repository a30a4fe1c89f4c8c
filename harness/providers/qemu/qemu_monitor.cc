#include "harness/providers/qemu/qemu_monitor.h"

#include <fmt/core.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/json_text.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestMessage = 1U << 20;

double steady() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Seconds of processor time that the process and its threads have used (proc(5)).
double processor_time(pid_t pid) {
  const std::string stat = read_file(fmt::format("/proc/{}/stat", pid), 1 << 16);
  const std::size_t end = stat.rfind(')');
  if (end == std::string::npos) return 0;
  double ticks = 0;
  std::size_t field = 2;
  for (const std::string_view word : split(std::string_view(stat).substr(end + 2), ' ')) {
    ++field;
    if (field == 14 || field == 15) ticks += std::strtod(std::string(word).c_str(), nullptr);
  }
  return ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

/// Memory of the process's own: not the pages of the template that it only reads.
std::uint64_t own_memory(pid_t pid) {
  const std::string status = read_file(fmt::format("/proc/{}/status", pid), 1 << 16);
  const std::size_t at = status.find("RssAnon:");
  if (at == std::string::npos) return 0;
  return std::strtoull(status.c_str() + at + 8, nullptr, 10) * 1024;
}

/// The part of an event that is worth keeping; empty: the event is not.
std::string detail_of(const std::string& name, const json& data) {
  if (name == "VSERPORT_CHANGE")
    return fmt::format("{} {}", data.value("id", ""),
                       data.value("open", false) ? "opened" : "closed");
  if (name == "GUEST_PANICKED") return data.value("action", "");
  if (name == "SHUTDOWN" || name == "RESET") return data.value("reason", "");
  if (name == "WATCHDOG") return data.value("action", "");
  return {};
}

}  // namespace

QemuMonitor::QemuMonitor(RunningQemu& qemu) : qemu_(qemu), last_sample_(steady()) {
  send("qmp_capabilities");
}

void QemuMonitor::send(const char* command) {
  if (!open_) return;
  const std::string text = json_text(json{{"execute", command}}) + "\n";
  if (::send(qemu_.events_fd(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT) < 0 &&
      errno != EAGAIN)
    open_ = false;
}

MachineMonitor::Taken QemuMonitor::take() {
  Taken taken;
  char piece[1 << 14];
  const ssize_t got = ::recv(qemu_.events_fd(), piece, sizeof piece, MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return taken;
  if (got <= 0 || buffer_.size() > kLongestMessage) {
    open_ = false;
    return taken;
  }
  buffer_.append(piece, static_cast<std::size_t>(got));
  std::size_t end = 0;
  while ((end = buffer_.find('\n')) != std::string::npos) {
    const json message = parse_json_or_discard(buffer_.substr(0, end));
    buffer_.erase(0, end + 1);
    try {
      take_message(message, taken);
    } catch (const json::exception&) {
      // Not a message of QEMU's protocol: nothing can be learned from it.
    }
  }
  return taken;
}

void QemuMonitor::take_message(const json& message, Taken& taken) {
  if (message.contains("event")) {
    const std::string name = message["event"].get<std::string>();
    const std::string detail = detail_of(name, message.value("data", json::object()));
    if (!detail.empty()) taken.events.push_back({.name = name, .detail = printable(detail)});
  } else if (message.contains("return") && message["return"].is_array() &&
             !message["return"].empty()) {
    // The disk is the first device of qemu_arguments().
    const json stats = message["return"][0].value("stats", json::object());
    ResourceSample sample;
    sample.disk_read_bytes = stats.value("rd_bytes", std::uint64_t{0});
    sample.disk_written_bytes = stats.value("wr_bytes", std::uint64_t{0});
    if (complete(sample)) taken.sample = sample;
  }
}

bool QemuMonitor::complete(ResourceSample& sample) {
  const double time = steady();
  try {
    const double cpu = processor_time(qemu_.pid());
    sample.cpus =
        last_cpu_ > 0 && time > last_sample_ ? (cpu - last_cpu_) / (time - last_sample_) : 0;
    last_cpu_ = cpu;
    sample.memory_bytes = own_memory(qemu_.pid());
  } catch (const Error&) {
    return false;  // QEMU has ended, which is reported elsewhere
  }
  last_sample_ = time;
  std::error_code ignored;
  const auto captured = std::filesystem::file_size(qemu_.spec().packet_capture, ignored);
  sample.network_bytes = ignored ? 0 : captured;
  return true;
}

}  // namespace skillaudit
