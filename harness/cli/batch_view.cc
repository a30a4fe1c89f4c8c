#include "harness/cli/batch_view.h"

#include <fmt/core.h>

#include <chrono>
#include <list>
#include <mutex>

#include "harness/base/text.h"
#include "harness/cli/live_line.h"

namespace skillaudit {
namespace {

using Clock = std::chrono::steady_clock;

/// Leaves room for two or three audits on the line.
constexpr std::size_t kLongestDetail = 40;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

class PlainBatch : public BatchView {
 public:
  explicit PlainBatch(bool quiet) : quiet_(quiet) {}
  std::unique_ptr<Progress> audit(const std::string& label) override {
    if (quiet_) return std::make_unique<SilentProgress>();
    return std::make_unique<Audit>(*this, label);
  }
  void print(std::FILE* to, const std::string& lines) override {
    const std::lock_guard lock(mutex_);
    fmt::print(to, "{}", lines);
    std::fflush(to);
  }

 private:
  class Audit : public Progress {
   public:
    Audit(PlainBatch& batch, std::string label) : batch_(batch), label_(std::move(label)) {}
    void stage(const std::string& title) override {
      finish();
      title_ = title;
      started_ = Clock::now();
      say(title_ + " …");
    }
    void detail(const std::string& text) override { say("  " + text); }
    void finish() override {
      if (!title_.empty()) say(fmt::format("{}: {:.1f} s", title_, seconds_since(started_)));
      title_.clear();
    }

   private:
    void say(const std::string& text) {
      batch_.print(stderr, fmt::format("{}: {}\n", label_, text));
    }
    PlainBatch& batch_;
    std::string label_;
    std::string title_;
    Clock::time_point started_;
  };
  bool quiet_;
  std::mutex mutex_;
};

class LiveBatch : public BatchView {
 public:
  explicit LiveBatch(std::size_t total) : total_(total) {}
  std::unique_ptr<Progress> audit(const std::string& label) override {
    return std::make_unique<Audit>(*this, label);
  }
  void print(std::FILE* to, const std::string& lines) override { line_.above(to, lines); }

 private:
  struct Running {
    std::string label;
    std::string now;  ///< the stage, or what it says of itself
    Clock::time_point started = Clock::now();
  };
  class Audit : public Progress {
   public:
    Audit(LiveBatch& batch, const std::string& label) : batch_(batch) {
      batch_.line_.change([&] {
        batch_.running_.push_back({label, "Waiting"});
        place_ = std::prev(batch_.running_.end());
      });
    }
    ~Audit() override {
      batch_.line_.change([&] {
        batch_.running_.erase(place_);
        ++batch_.done_;
      });
    }
    void stage(const std::string& title) override {
      batch_.line_.change([&] {
        place_->now = title;
        place_->started = Clock::now();
      });
    }
    void detail(const std::string& text) override {
      batch_.line_.change([&] { place_->now = text; });
    }
    void finish() override {}

   private:
    LiveBatch& batch_;
    std::list<Running>::iterator place_;
  };
  [[nodiscard]] std::string text() const {
    if (running_.empty()) return {};
    std::string line = fmt::format("… {} running, {} of {} done:", running_.size(), done_, total_);
    const char* between = " ";
    for (const Running& each : running_) {
      line += fmt::format("{}{} · {} ({:.0f} s)", between, each.label,
                          shorten(each.now, kLongestDetail), seconds_since(each.started));
      between = " | ";
    }
    return line;
  }

  std::size_t total_;
  std::size_t done_ = 0;
  std::list<Running> running_;
  LiveLine line_{[this] { return text(); }};  // last: its thread reads the others
};

}  // namespace

std::unique_ptr<BatchView> make_batch_view(bool quiet, std::size_t total) {
  if (!quiet && can_draw_lines()) return std::make_unique<LiveBatch>(total);
  return std::make_unique<PlainBatch>(quiet);
}

}  // namespace skillaudit
