#include "harness/sensors/trace_log.h"

#include <linux/audit.h>

#include <algorithm>
#include <unordered_map>

#include "harness/sensors/trace_record.h"

namespace skillaudit {
namespace {

/// Numbers between the marks that are looked at one by one.
constexpr std::uint64_t kMostSerials = 1ULL << 28;

/// Up to `end`, which is taken off too. False when it does not come.
bool take(std::string_view& text, char end, std::string_view& word) {
  const std::size_t at = text.find(end);
  if (at == std::string_view::npos) return false;
  word = text.substr(0, at);
  text.remove_prefix(at + 1);
  return true;
}

class Reader {
 public:
  Reader(std::string_view first, std::string_view second) : first_(first), second_(second) {}

  void line(std::string_view line) {
    std::string_view rest = line;
    std::string_view type_text, time_text, ignored, serial_text;
    std::uint32_t type = 0;
    std::uint64_t microseconds = 0;
    std::uint64_t serial = 0;
    const bool whole = take(rest, ' ', type_text) && take(rest, ' ', time_text) &&
                       rest.starts_with("audit(") && take(rest, ':', ignored) &&
                       take(rest, ')', serial_text) && read_number(type_text, type) &&
                       read_number(time_text, microseconds) && read_number(serial_text, serial);
    if (!whole) {
      if (log_.began) ++log_.malformed;
      return;
    }
    if (type == AUDIT_USER && mark(rest, serial, microseconds)) return;
    if (!log_.began) return;
    note(serial);
    record(type, serial, microseconds, rest);
  }

  [[nodiscard]] bool done() const { return log_.ended; }

  TraceLog finish() {
    for (GrowingEvent& each : growing_) {
      if (!each.kind) continue;
      complete(each);
      log_.events.push_back(std::move(each.event));
    }
    std::sort(log_.events.begin(), log_.events.end(),
              [](const TraceEvent& a, const TraceEvent& b) { return a.serial < b.serial; });
    if (log_.ended && last_ > begin_ + 1)
      log_.missing = last_ - begin_ - 1 -
                     static_cast<std::uint64_t>(std::count(seen_.begin(), seen_.end(), true));
    return std::move(log_);
  }

 private:
  bool mark(std::string_view fields, std::uint64_t serial, std::uint64_t microseconds) {
    const auto says = [&](std::string_view mark) {
      return !mark.empty() && fields.find(mark) != std::string_view::npos;
    };
    if (!log_.began && says(first_)) {
      log_.began = true;
      begin_ = last_ = serial;
      start_ = microseconds;
      log_.began_uptime_s = static_cast<double>(microseconds) / 1e6;
      return true;
    }
    if (log_.began && says(second_)) {
      log_.ended = true;
      last_ = serial;
      return true;
    }
    return false;
  }

  void note(std::uint64_t serial) {
    if (serial <= begin_ || serial - begin_ > kMostSerials) return;
    const std::uint64_t at = serial - begin_ - 1;
    if (at >= seen_.size()) seen_.resize(std::max<std::size_t>(at + 1, seen_.size() * 2), false);
    seen_[at] = true;
    last_ = std::max(last_, serial);
  }

  GrowingEvent* event_of(std::uint64_t serial, std::uint64_t microseconds) {
    if (newest_ < growing_.size() && growing_[newest_].event.serial == serial)
      return &growing_[newest_];
    const auto [at, fresh] = by_serial_.try_emplace(serial, growing_.size());
    if (fresh) {
      if (growing_.size() == kMostTraceEvents) {
        by_serial_.erase(at);
        if (serial != omitted_) ++log_.omitted;
        omitted_ = serial;
        return nullptr;
      }
      GrowingEvent& made = growing_.emplace_back();
      made.event.serial = serial;
      made.event.time_s = (static_cast<double>(microseconds) - static_cast<double>(start_)) / 1e6;
    }
    newest_ = at->second;
    return &growing_[newest_];
  }

  void record(std::uint32_t type, std::uint64_t serial, std::uint64_t microseconds,
              std::string_view fields) {
    GrowingEvent* event = event_of(serial, microseconds);
    if (event == nullptr) return;
    add_record(*event, type, fields);
  }

  std::string_view first_, second_;
  TraceLog log_;
  std::uint64_t begin_ = 0, last_ = 0, start_ = 0, omitted_ = 0;
  std::vector<bool> seen_;
  std::vector<GrowingEvent> growing_;
  std::unordered_map<std::uint64_t, std::size_t> by_serial_;
  std::size_t newest_ = 0;
};

}  // namespace

TraceLog parse_trace_log(std::string_view text, std::string_view first_mark,
                         std::string_view second_mark) {
  Reader reader(first_mark, second_mark);
  while (!text.empty() && !reader.done()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) break;  // cut off in the middle
    reader.line(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  return reader.finish();
}

}  // namespace skillaudit
