#pragma once

#include <condition_variable>
#include <cstdio>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace skillaudit {

/// The last line of a terminal (stderr). A thread redraws it five times a second, so that the time
/// in it advances; the thread does nothing else.
class LiveLine {
 public:
  /// `text` returns the current text, or an empty one for no line. Called with the lock held.
  explicit LiveLine(std::function<std::string()> text);
  /// Removes the line.
  ~LiveLine();
  LiveLine(const LiveLine&) = delete;
  LiveLine& operator=(const LiveLine&) = delete;

  /// Calls `change`, which changes what `text` reads, with the lock held, and redraws.
  void change(const std::function<void()>& change);
  /// Writes whole lines in place of the live line, which continues below them. Not from within
  /// change().
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

/// Whether stderr is a terminal on which a line can be redrawn.
[[nodiscard]] bool can_draw_lines();

}  // namespace skillaudit
