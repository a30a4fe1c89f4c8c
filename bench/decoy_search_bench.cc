// How fast the body of one upload is searched for the decoys in all its readings, on one core, and
// the memory that takes.

#include <fmt/core.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <ctime>
#include <random>

#include "harness/sensors/decoys.h"

using namespace skillaudit;

namespace {

constexpr std::size_t kBytes = 64U << 20;

/// Processor time, so that what else runs on the machine counts little.
double cpu_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

std::string text_of(std::string_view alphabet, std::size_t line = 0) {
  std::mt19937 random(1);
  std::string text(kBytes, '\0');
  for (std::size_t i = 0; i < text.size(); ++i)
    text[i] = line && i % line == line - 1 ? '\n' : alphabet[random() % alphabet.size()];
  return text;
}

std::string gzip(const std::string& bytes) {
  z_stream stream{};
  deflateInit2(&stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string in = bytes;
  std::string out(deflateBound(&stream, in.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace

int main() {
  const FurnishedHome home = furnish_home("/home/ubuntu");
  std::string all_bytes;
  for (int i = 0; i < 256; ++i) all_bytes += static_cast<char>(i);
  const std::string prose = text_of("etaoin shrdlu cmfwyp vbgkqj xz .,\n");
  const std::pair<const char*, std::string> bodies[] = {
      {"prose", prose},
      {"Base64 in lines",
       text_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 77)},
      {"hex", text_of("0123456789abcdef")},
      {"random bytes", text_of(all_bytes)},
      {"gzip of prose", gzip(prose)},
  };
  fmt::print("{:<18} {:>6} {:>8} {:>8} {:>9}\n", "body", "MiB", "seconds", "MB/s", "peak MiB");
  for (const auto& [name, body] : bodies) {
    std::fflush(stdout);
    // A process for each, since the peak of memory is a process's.
    const pid_t child = ::fork();
    if (child == 0) {
      Flow flow;
      flow.request_body = "body";
      flow.request_size = body.size();
      std::vector<Gap> gaps;
      double best = 1e9;
      for (int i = 0; i < 3; ++i) {
        gaps.clear();
        const double start = cpu_seconds();
        const auto found = find_decoys(
            home.decoys, {flow}, [&, &text = body](const std::string&) { return text; }, &gaps);
        best = std::min(best, cpu_seconds() - start);
        if (!found.empty()) ::_exit(1);
      }
      rusage usage{};
      ::getrusage(RUSAGE_SELF, &usage);
      fmt::print("{:<18} {:6.1f} {:8.2f} {:8.1f} {:9}{}\n", name,
                 static_cast<double>(body.size()) / (1 << 20), best,
                 static_cast<double>(body.size()) / best / 1e6, usage.ru_maxrss >> 10,
                 gaps.empty() ? "" : "  NOT ALL READ");
      std::fflush(stdout);
      ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    if (status != 0) return 1;
  }
  return 0;
}
