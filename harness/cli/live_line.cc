#include "harness/cli/live_line.h"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <string_view>

#include "harness/base/text.h"

namespace skillaudit {
namespace {

constexpr const char* kWiped = "\r\x1b[K";
constexpr std::chrono::milliseconds kPeriod{200};

}  // namespace

LiveLine::LiveLine(std::function<std::string()> text)
    : text_(std::move(text)), painter_([this](const std::stop_token& stop) {
        std::unique_lock lock(mutex_);
        while (!stop.stop_requested()) {
          paint();
          wake_.wait_for(lock, stop, kPeriod, [] { return false; });
        }
      }) {}

LiveLine::~LiveLine() {
  painter_.request_stop();
  painter_.join();
  fmt::print(stderr, "{}", kWiped);
  std::fflush(stderr);
}

void LiveLine::change(const std::function<void()>& change) {
  const std::lock_guard lock(mutex_);
  change();
  paint();
}

void LiveLine::above(std::FILE* to, const std::string& lines) {
  const std::lock_guard lock(mutex_);
  fmt::print(stderr, "{}", kWiped);
  std::fflush(stderr);
  fmt::print(to, "{}", lines);
  std::fflush(to);
  paint();
}

void LiveLine::leave(const std::string& line) { fmt::print(stderr, "{}{}\n", kWiped, line); }

void LiveLine::paint() {
  const std::string text = text_();
  if (text.empty()) return;
  winsize size{};
  const std::size_t width =
      ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
  fmt::print(stderr, "{}{}", kWiped, shorten(text, width - 2));
  std::fflush(stderr);
}

bool can_draw_lines() {
  const char* term = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) && term && std::string_view(term) != "dumb";
}

}  // namespace skillaudit
