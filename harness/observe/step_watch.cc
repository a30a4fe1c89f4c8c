#include "harness/observe/step_watch.h"

namespace skillaudit {
namespace {

constexpr double kServing = 3;
constexpr double kHung = 30;
/// Longer than what evasion.long-sleep calls long, by what samples may be apart.
constexpr double kLongSleep = 70;
/// A server that tells of its start may sleep no longer than this before it goes on.
constexpr double kShortSleep = 30;
/// Of a processor. An event loop wakes now and then; an emulated guest is slow at it.
constexpr double kServersShare = 0.25;
constexpr double kIdleShare = 0.02;
constexpr std::int64_t kIdleTicks = 10;
constexpr std::int64_t kServersBytes = 1 << 16;
/// What a machine sends by itself: address resolution, router solicitations.
constexpr std::int64_t kQuietNetwork = 2048;

std::int64_t ticks_of(double seconds, double share) {
  return static_cast<std::int64_t>(seconds * 100 * share);
}

bool has_same_processes(const StepSample& one, const StepSample& other) {
  return one.processes == other.processes && one.newest == other.newest;
}

}  // namespace

bool StepWatch::serves(const StepSample& sample) {
  const double lasted = sample.time_s - last_->time_s;
  const bool is_quiet = has_same_processes(sample, *last_) && sample.ports == last_->ports &&
                        sample.ticks - last_->ticks <= ticks_of(lasted, kServersShare) + 1 &&
                        sample.bytes - last_->bytes <= kServersBytes;
  if (sample.ports.empty() || !is_quiet) {
    served_since_ = sample;
    return false;
  }
  const double served = sample.time_s - served_since_.time_s;
  const double sleep = sample.sleep_s.value_or(0);
  return served >= kServing && (sleep > kShortSleep || sleep == 0 || served > sleep + 1);
}

bool StepWatch::hangs(const StepSample& sample) {
  const double idle = sample.time_s - idle_since_.time_s;
  const bool is_idle = has_same_processes(sample, idle_since_) && sample.ports.empty() &&
                       sample.bytes == idle_since_.bytes &&
                       sample.network - idle_since_.network <= kQuietNetwork &&
                       sample.ticks - idle_since_.ticks <= ticks_of(idle, kIdleShare) + kIdleTicks;
  if (!is_idle) {
    idle_since_ = sample;
    return false;
  }
  if (idle < kHung) return false;
  if (!sample.sleep_s) return true;
  const double wakes = idle_since_.time_s + *sample.sleep_s;
  if (wakes <= limit_s_) return sample.time_s > wakes + 2;
  return idle >= kLongSleep;
}

StepState StepWatch::look(const StepSample& sample) {
  if (!last_) {
    last_ = served_since_ = idle_since_ = sample;
    return StepState::Busy;
  }
  const bool serving = serves(sample);
  const bool hung = hangs(sample);
  last_ = sample;
  return serving ? StepState::Serving : hung ? StepState::Hung : StepState::Busy;
}

}  // namespace skillaudit
