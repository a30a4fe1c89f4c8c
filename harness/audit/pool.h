#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <vector>

namespace skillaudit {

/// Runs `count` jobs, numbered from 0, on `workers` threads: each takes the next job that no other
/// thread has taken, does it to its end, and takes the next. Returns when all are done.
///
/// What a job throws is its own affair: it stands at the job's number in the result (none for a job
/// that returned), and the others go on. Ctrl-C is everybody's: no further job is taken, those at
/// work end by their own check_interrupt(), and then Error{Interrupted} is thrown from here.
///
/// A child process dies with the thread that started it (harness/base/process.h), so a job must end
/// what it started; its thread lives at least as long as it. With one worker all of it happens on
/// the caller's thread.
[[nodiscard]] std::vector<std::exception_ptr> run_pool(
    std::size_t count, unsigned workers, const std::function<void(std::size_t job)>& work);

}  // namespace skillaudit
