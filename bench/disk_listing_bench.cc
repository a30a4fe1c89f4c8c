// How long the host takes to list the files of a guest's disk, and with how much memory: over a raw
// file, and over NBD from a qcow2 overlay as QEMU exports it. And what finding the changes between
// two such listings takes.
//   bench_disk_listing [COUNT…]    images made for the purpose; without a count 20000, 200000,
//   1000000 bench_disk_listing PATH…       a raw image, or the Unix socket of an NBD server

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <functional>

#include "bench/disk_image.h"
#include "harness/base/error.h"
#include "harness/base/process.h"
#include "harness/base/temp_dir.h"
#include "harness/changes/changes_files.h"
#include "harness/disk/list_files.h"

using namespace skillaudit;

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double cpu_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

/// In a process of its own, so that the peak of memory is that of the work.
void in_child(const std::string& what, const std::function<std::string()>& work) {
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child < 0) fail(ErrorKind::Environment, "cannot fork: {}", errno_text(errno));
  if (child == 0) {
    int code = 0;
    try {
      fmt::print("  {:<34} {}", what, work());
    } catch (const std::exception& error) {
      fmt::print("  {:<34} {}", what, error.what());
      code = 1;
    }
    std::fflush(nullptr);
    ::_exit(code);
  }
  int status = 0;
  rusage usage{};
  ::wait4(child, &status, 0, &usage);
  fmt::print(", peak {:.0f} MiB\n", static_cast<double>(usage.ru_maxrss) / 1024);
  if (status != 0) std::exit(1);
}

std::string five_times(const std::function<DiskListing()>& list) {
  std::vector<double> walls;
  double cpu = 1e9;
  std::size_t files = 0;
  std::size_t gaps = 0;
  for (int i = 0; i < 5; ++i) {
    const auto start = Clock::now();
    const double cpu_start = cpu_seconds();
    const DiskListing listing = list();
    walls.push_back(seconds_since(start));
    cpu = std::min(cpu, cpu_seconds() - cpu_start);
    files = listing.files.size();
    gaps = listing.gaps.size();
  }
  std::sort(walls.begin(), walls.end());
  return fmt::format("{} paths, {} gaps: best {:.3f} s, median {:.3f} s, processor {:.3f} s", files,
                     gaps, walls.front(), walls[2], cpu);
}

DiskListing list_image(const fs::path& image) {
  Fd fd(::open(image.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) fail(ErrorKind::Usage, "cannot open {}: {}", image.string(), errno_text(errno));
  GuestDisk disk(file_source(std::move(fd)));
  return list_files(disk);
}

DiskListing list_socket(const fs::path& socket) {
  GuestDisk disk(nbd_source(socket));
  return list_files(disk);
}

/// One path in a hundred is another one: changed, gone or new.
std::string changes_of(const fs::path& image) {
  const DiskListing before = list_image(image);
  std::vector<FileEntry> after;
  after.reserve(before.files.size());
  std::size_t expected = 0;
  for (std::size_t i = 0; i < before.files.size(); ++i) {
    const FileEntry& file = before.files[i];
    const bool chosen = i % 100 == 7 && file.type == FileType::Regular;
    expected += chosen;
    if (chosen && i % 3 == 0) continue;
    after.push_back(file);
    if (chosen && i % 3 == 1) {
      after.push_back(file);
      after.back().path += "~";
    } else if (chosen) {
      ++after.back().mtime_ns;
    }
  }
  double best = 1e9;
  std::size_t found = 0;
  for (int i = 0; i < 5; ++i) {
    const auto start = Clock::now();
    found = changed_files(before.files, after).size();
    best = std::min(best, seconds_since(start));
  }
  if (found != expected) fail(ErrorKind::Internal, "{} changes found of {}", found, expected);
  return fmt::format("{} changes in {} paths: best {:.3f} s", found, before.files.size(), best);
}

bool accepts(const fs::path& socket) {
  const Fd probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{.sun_family = AF_UNIX};
  fmt::format_to_n(address.sun_path, sizeof address.sun_path - 1, "{}", socket.string());
  return ::connect(probe.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
}

void bench_count(std::uint32_t count) {
  const TempDir folder;
  const fs::path image = folder.path() / "disk.img";
  const auto start = Clock::now();
  make_disk_image(image, count);
  fmt::print("{} inodes (image made in {:.1f} s)\n", count, seconds_since(start));
  in_child("raw file", [&] { return five_times([&] { return list_image(image); }); });

  const fs::path base = folder.path() / "base.qcow2";
  const fs::path overlay = folder.path() / "overlay.qcow2";
  const fs::path socket = folder.path() / "socket";
  check_output({"qemu-img", "convert", "-f", "raw", "-O", "qcow2", image, base},
               {.timeout = std::chrono::minutes(5)});
  check_output({"qemu-img", "create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", base, overlay});
  Process server({"qemu-nbd", "--read-only", "--persistent", "--shared=4", "--format=qcow2",
                  "--socket=" + socket.string(), overlay.string()});
  while (server.running() && !accepts(socket)) ::usleep(10'000);
  in_child("NBD, qcow2 overlay on qcow2",
           [&] { return five_times([&] { return list_socket(socket); }); });
  in_child("changes between two listings", [&] { return changes_of(image); });
}

}  // namespace

int main(int argc, char** argv) {
  try {
    std::vector<std::string> arguments(argv + 1, argv + argc);
    if (arguments.empty()) arguments = {"20000", "200000", "1000000"};
    for (const std::string& argument : arguments) {
      if (argument.find_first_not_of("0123456789") == std::string::npos) {
        bench_count(static_cast<std::uint32_t>(std::stoul(argument)));
      } else {
        const bool socket = fs::is_socket(argument);
        in_child(fs::path(argument).filename(), [&] {
          return five_times([&] { return socket ? list_socket(argument) : list_image(argument); });
        });
      }
    }
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_disk_listing: {}\n", error.what());
    return 1;
  }
}
