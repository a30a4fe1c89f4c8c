#include "harness/cli/progress_view.h"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "harness/base/text.h"

namespace skillaudit {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

class PlainView : public Progress {
 public:
  void stage(const std::string& title) override {
    end();
    title_ = title;
    started_ = Clock::now();
    fmt::print(stderr, "{} …\n", title_);
  }
  void detail(const std::string& text) override { fmt::print(stderr, "  {}\n", text); }
  void finish() override { end(); }

 private:
  void end() {
    if (!title_.empty()) fmt::print(stderr, "{}: {:.1f} s\n", title_, seconds_since(started_));
    title_.clear();
  }
  std::string title_;
  Clock::time_point started_;
};

/// A thread redraws the line ten times a second, so that the time runs while a stage waits. It only
/// draws; signals go to the main thread, whose waits they end.
class LiveView : public Progress {
 public:
  LiveView() : painter_([this](const std::stop_token& stop) { paint_until(stop); }) {}
  ~LiveView() override {
    painter_.request_stop();
    wake_.notify_all();
    painter_.join();
    const std::lock_guard lock(mutex_);
    if (!title_.empty())
      fmt::print(stderr, "\r\x1b[K✗ {} ({:.1f} s)\n", title_, seconds_since(started_));
    std::fflush(stderr);
  }
  void stage(const std::string& title) override {
    const std::lock_guard lock(mutex_);
    end();
    title_ = title;
    detail_.clear();
    started_ = Clock::now();
    paint();
  }
  void detail(const std::string& text) override {
    const std::lock_guard lock(mutex_);
    detail_ = text;
    paint();
  }
  void finish() override {
    const std::lock_guard lock(mutex_);
    end();
  }

 private:
  void end() {
    if (!title_.empty())
      fmt::print(stderr, "\r\x1b[K✓ {} ({:.1f} s)\n", title_, seconds_since(started_));
    title_.clear();
  }
  void paint() {
    if (title_.empty()) return;
    winsize size{};
    const std::size_t width =
        ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
    std::string line = fmt::format("… {} ({:.0f} s)", title_, seconds_since(started_));
    if (!detail_.empty()) line += "  " + detail_;
    fmt::print(stderr, "\r\x1b[K{}", shorten(line, width - 2));
    std::fflush(stderr);
  }
  void paint_until(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (!stop.stop_requested()) {
      paint();
      wake_.wait_for(lock, std::chrono::milliseconds(200), [&] { return stop.stop_requested(); });
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::string title_;
  std::string detail_;
  Clock::time_point started_;
  std::jthread painter_;
};

}  // namespace

std::unique_ptr<Progress> make_progress_view(bool quiet) {
  if (quiet) return std::make_unique<SilentProgress>();
  const char* term = std::getenv("TERM");
  const bool live = ::isatty(STDERR_FILENO) && term && std::string_view(term) != "dumb";
  if (live) return std::make_unique<LiveView>();
  return std::make_unique<PlainView>();
}

}  // namespace skillaudit
