#include "harness/audit/pool.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "harness/base/interrupt.h"

namespace skillaudit {

std::vector<std::exception_ptr> run_pool(std::size_t count, unsigned workers,
                                         const std::function<void(std::size_t job)>& work) {
  std::vector<std::exception_ptr> thrown(count);
  std::atomic<std::size_t> next{0};
  const auto work_off = [&] {
    for (;;) {
      if (interrupted()) return;
      const std::size_t job = next.fetch_add(1);
      if (job >= count) return;
      try {
        work(job);
      } catch (...) {
        thrown[job] = std::current_exception();
      }
    }
  };
  if (std::min<std::size_t>(workers, count) <= 1) {
    work_off();
  } else {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < std::min<std::size_t>(workers, count); ++i)
      threads.emplace_back(work_off);
  }
  check_interrupt();
  return thrown;
}

}  // namespace skillaudit
