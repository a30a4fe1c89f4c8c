#include "harness/observe/watch.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/interrupt.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using std::chrono::milliseconds;

constexpr double kInterval = 0.5;
/// QEMU's events are few; a guest that opens and closes its port without end makes more.
constexpr std::size_t kMostNotes = 100'000;
constexpr std::size_t kLongestMessage = 1U << 20;

double steady() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

Fd create(const fs::path& path) {
  Fd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!fd) fail(ErrorKind::Environment, "cannot write {}: {}", path.string(), errno_text(errno));
  return fd;
}

/// False when the disk is full.
bool put(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t wrote = ::write(fd, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return true;
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

/// What the process holds of its own: not the pages of the template that it only reads.
std::uint64_t own_memory(pid_t pid) {
  const std::string status = read_file(fmt::format("/proc/{}/status", pid), 1 << 16);
  const std::size_t at = status.find("RssAnon:");
  if (at == std::string::npos) return 0;
  return std::strtoull(status.c_str() + at + 8, nullptr, 10) * 1024;
}

/// What of an event tells somebody something; empty for one that does not.
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

Watch::Watch(Machine& machine, const fs::path& bundle)
    : machine_(machine),
      trace_(create(bundle / "trace.log")),
      log_(create(bundle / "machine.jsonl")),
      stop_(::eventfd(0, EFD_CLOEXEC)),
      capture_(machine.spec().packet_capture) {
  began_ = last_sample_ = steady();
  thread_ = std::thread([this] { run(); });
}

Watch::~Watch() { stop(); }

void Watch::stop() {
  if (!thread_.joinable()) return;
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t told = ::write(stop_.get(), &one, sizeof one);
  thread_.join();
}

void Watch::begin() {
  began_ = steady();
  began_at_ =
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

double Watch::now() const { return steady() - began_; }

void Watch::expect(const std::string& mark) {
  const std::lock_guard lock(mutex_);
  mark_ = mark;
  tail_.clear();
  seen_ = false;
}

bool Watch::await(milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  std::unique_lock lock(mutex_);
  while (!seen_) {
    check_interrupt();
    if (std::chrono::steady_clock::now() >= deadline) return false;
    came_.wait_for(lock, milliseconds(100));
  }
  return true;
}

void Watch::run() {
  send("qmp_capabilities");
  double next = steady() + kInterval;
  for (;;) {
    const int wait = std::max(0, static_cast<int>((next - steady()) * 1000));
    pollfd waits[] = {{stop_.get(), POLLIN, 0},
                      {trace_open_ ? machine_.trace_fd() : -1, POLLIN, 0},
                      {control_open_ ? machine_.events_fd() : -1, POLLIN, 0}};
    ::poll(waits, 3, wait);
    if (waits[1].revents) take_trace();
    if (waits[2].revents) take_events();
    // What came before the end was asked for is taken first.
    if (waits[0].revents && !waits[1].revents && !waits[2].revents) return;
    if (steady() < next) continue;
    next += kInterval;
    if (next < steady()) next = steady() + kInterval;
    send("query-blockstats");
  }
}

void Watch::take_trace() {
  char piece[1 << 16];
  const ssize_t got = ::recv(machine_.trace_fd(), piece, sizeof piece, MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) {
    trace_open_ = false;
    return;
  }
  const std::string_view bytes(piece, static_cast<std::size_t>(got));
  if (written_ + bytes.size() <= kMostTrace && dropped_ == 0 && put(trace_.get(), bytes)) {
    written_ += bytes.size();
  } else {
    dropped_ += bytes.size();
  }
  const std::lock_guard lock(mutex_);
  tail_.append(bytes);
  if (!mark_.empty() && !seen_ && tail_.find(mark_) != std::string::npos) {
    seen_ = true;
    came_.notify_all();
  }
  constexpr std::size_t kTail = 256;
  if (tail_.size() > kTail) tail_.erase(0, tail_.size() - kTail);
}

void Watch::take_events() {
  char piece[1 << 14];
  const ssize_t got = ::recv(machine_.events_fd(), piece, sizeof piece, MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0 || control_.size() > kLongestMessage) {
    control_open_ = false;
    return;
  }
  control_.append(piece, static_cast<std::size_t>(got));
  std::size_t end = 0;
  while ((end = control_.find('\n')) != std::string::npos) {
    const json message = json::parse(control_.substr(0, end), nullptr, false);
    control_.erase(0, end + 1);
    try {
      take_message(message);
    } catch (const json::exception&) {
      // Not what QEMU's protocol says: nothing is learnt from it.
    }
  }
}

void Watch::take_message(const json& message) {
  if (message.contains("event")) {
    const std::string name = message["event"].get<std::string>();
    const std::string detail = detail_of(name, message.value("data", json::object()));
    if (!detail.empty())
      note(json{{"t", now()}, {"event", name}, {"detail", printable(detail)}}.dump());
  } else if (message.contains("return") && message["return"].is_array() &&
             !message["return"].empty()) {
    // The disk is the first device of qemu_arguments().
    const json stats = message["return"][0].value("stats", json::object());
    next_.disk_read_bytes = stats.value("rd_bytes", std::uint64_t{0});
    next_.disk_written_bytes = stats.value("wr_bytes", std::uint64_t{0});
    sample();
  }
}

void Watch::sample() {
  const double time = steady();
  try {
    const double cpu = processor_time(machine_.pid());
    next_.cpus =
        last_cpu_ > 0 && time > last_sample_ ? (cpu - last_cpu_) / (time - last_sample_) : 0;
    last_cpu_ = cpu;
    next_.memory_bytes = own_memory(machine_.pid());
  } catch (const Error&) {
    return;  // QEMU has ended, and that is said elsewhere
  }
  last_sample_ = time;
  std::error_code ignored;
  const auto captured = fs::file_size(capture_, ignored);
  next_.network_bytes = ignored ? 0 : captured;
  note(json{{"t", now()},
            {"cpus", next_.cpus},
            {"memory", next_.memory_bytes},
            {"read", next_.disk_read_bytes},
            {"written", next_.disk_written_bytes},
            {"network", next_.network_bytes}}
           .dump());
}

void Watch::send(const char* command) {
  if (!control_open_) return;
  const std::string text = json{{"execute", command}}.dump() + "\n";
  if (::send(machine_.events_fd(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT) < 0 &&
      errno != EAGAIN)
    control_open_ = false;
}

void Watch::note(const std::string& line) {
  if (++notes_ <= kMostNotes) put(log_.get(), line + "\n");
}

}  // namespace skillaudit
