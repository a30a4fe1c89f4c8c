#include "harness/cli/progress_view.h"

#include <fmt/core.h>

#include <cstdio>

#include "harness/cli/live_line.h"

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

class LiveView : public Progress {
 public:
  ~LiveView() override {
    line_.change([&] { end("✗"); });
  }
  void stage(const std::string& title) override {
    line_.change([&] {
      end("✓");
      title_ = title;
      detail_.clear();
      started_ = Clock::now();
    });
  }
  void detail(const std::string& text) override {
    line_.change([&] { detail_ = text; });
  }
  void finish() override {
    line_.change([&] { end("✓"); });
  }

 private:
  void end(const char* mark) {
    if (!title_.empty())
      line_.leave(fmt::format("{} {} ({:.1f} s)", mark, title_, seconds_since(started_)));
    title_.clear();
  }
  [[nodiscard]] std::string text() const {
    if (title_.empty()) return {};
    std::string line = fmt::format("… {} ({:.0f} s)", title_, seconds_since(started_));
    return detail_.empty() ? line : line + "  " + detail_;
  }

  std::string title_;
  std::string detail_;
  Clock::time_point started_;
  LiveLine line_{[this] { return text(); }};  // last: its thread reads the others
};

}  // namespace

std::unique_ptr<Progress> make_progress_view(bool quiet) {
  if (quiet) return std::make_unique<SilentProgress>();
  if (can_draw_lines()) return std::make_unique<LiveView>();
  return std::make_unique<PlainView>();
}

}  // namespace skillaudit
