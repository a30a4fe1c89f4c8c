#include "harness/observe/watch.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/interrupt.h"
#include "harness/base/json_text.h"
#include "harness/bundle/layout.h"
#include "harness/bundle/raw_evidence.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using std::chrono::milliseconds;

constexpr double kInterval = 0.5;
/// Events are few; a guest that opens and closes its port without end makes more.
constexpr std::size_t kMostNotes = 100'000;

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

}  // namespace

Watch::Watch(Machine& machine, const fs::path& bundle)
    : machine_(machine),
      trace_(create(path_in(bundle, BundleFile::Trace))),
      log_(create(path_in(bundle, BundleFile::Machine))),
      stop_(::eventfd(0, EFD_CLOEXEC)),
      monitor_(machine.monitor()) {
  began_ = steady();
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
  double next = steady() + kInterval;
  for (;;) {
    const int wait = std::max(0, static_cast<int>((next - steady()) * 1000));
    pollfd waits[] = {{stop_.get(), POLLIN, 0},
                      {trace_open_ ? machine_.trace_fd() : -1, POLLIN, 0},
                      {monitor_ ? monitor_->fd() : -1, POLLIN, 0}};
    ::poll(waits, 3, wait);
    if (waits[1].revents) take_trace();
    if (waits[2].revents) take_events();
    // What came before the end was asked for is taken first.
    if (waits[0].revents && !waits[1].revents && !waits[2].revents) return;
    if (steady() < next) continue;
    next += kInterval;
    if (next < steady()) next = steady() + kInterval;
    if (monitor_) monitor_->request_sample();
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
  const MachineMonitor::Taken taken = monitor_->take();
  for (const MachineEvent& event : taken.events)
    note(json_text(json{{"t", now()}, {"event", event.name}, {"detail", event.detail}}));
  if (!taken.sample) return;
  const ResourceSample& sample = *taken.sample;
  note(json_text(json{{"t", now()},
                      {"cpus", sample.cpus},
                      {"memory", sample.memory_bytes},
                      {"read", sample.disk_read_bytes},
                      {"written", sample.disk_written_bytes},
                      {"network", sample.network_bytes}}));
}

void Watch::note(const std::string& line) {
  if (++notes_ <= kMostNotes) put(log_.get(), line + "\n");
}

}  // namespace skillaudit
