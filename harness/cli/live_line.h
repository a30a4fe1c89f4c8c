#pragma once

#include <condition_variable>
#include <cstdio>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace skillaudit {

/// The last line of a terminal (stderr), drawn again five times a second so that the time in it
/// runs while everybody waits. A thread of its own draws; it touches nothing else.
class LiveLine {
 public:
  /// `text` is what the line says now, or empty for no line. Called with the lock held.
  explicit LiveLine(std::function<std::string()> text);
  /// The line is gone afterwards.
  ~LiveLine();
  LiveLine(const LiveLine&) = delete;
  LiveLine& operator=(const LiveLine&) = delete;

  /// Does `change`, to what `text` tells of, with the lock held, and draws.
  void change(const std::function<void()>& change);
  /// Writes whole lines where the line stood; it goes on below them. Not from within change().
  void above(std::FILE* to, const std::string& lines);
  /// The same from within change(), on stderr.
  void leave(const std::string& line);

 private:
  void paint();
  std::function<std::string()> text_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread painter_;
};

/// Whether stderr is a terminal on which a line can be drawn again.
[[nodiscard]] bool can_draw_lines();

}  // namespace skillaudit
