// What the trace costs a run that does nothing but start programs: the same loop in one guest,
// without the trace, then with it. Prints one line of JSON.
//   bench_trace_overhead [PROGRAMS] [RUNS]      500 programs, 5 runs of each by default

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <vector>

#include "harness/audit/sandbox.h"
#include "harness/base/file.h"
#include "harness/base/temp_dir.h"
#include "harness/bundle/layout.h"
#include "harness/observe/tracing.h"
#include "harness/providers/default_provider.h"

using namespace skillaudit;

namespace {

double run_once(Sandbox& sandbox, int programs) {
  const auto started = std::chrono::steady_clock::now();
  sandbox.guest().check(
      "starting programs",
      fmt::format("i=0; while [ $i -lt {} ]; do /bin/true; i=$((i+1)); done", programs));
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
}

std::vector<double> run_all(Sandbox& sandbox, int programs, int runs) {
  std::vector<double> seconds;
  run_once(sandbox, programs);  // what an emulated processor runs first it has to translate
  for (int i = 0; i < runs; ++i) seconds.push_back(run_once(sandbox, programs));
  std::sort(seconds.begin(), seconds.end());
  return seconds;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const int programs = argc > 1 ? std::atoi(argv[1]) : 500;
    const int runs = argc > 2 ? std::atoi(argv[2]) : 5;
    const TempDir evidence;
    SilentProgress progress;
    Sandbox sandbox =
        Sandbox::open(default_provider(), {.evidence_dir = evidence.path()}, progress);
    const std::vector<double> without = run_all(sandbox, programs, runs);
    TraceFacts facts;
    Tracing tracing(sandbox.subject(), evidence.path(), facts);
    tracing.begin(sandbox.home().decoys);
    const std::vector<double> with = run_all(sandbox, programs, runs);
    PortWitness witness(sandbox.machine().port());
    tracing.end(witness);
    tracing.close();
    const auto middle = static_cast<std::size_t>(runs) / 2;
    fmt::print("{}\n", nlohmann::json{{"programs", programs},
                                      {"without_s", without},
                                      {"with_s", with},
                                      {"median_overhead", with[middle] / without[middle] - 1},
                                      {"least_overhead", with[0] / without[0] - 1},
                                      {"trace_bytes", std::filesystem::file_size(path_in(
                                                          evidence.path(), BundleFile::Trace))},
                                      {"lost", facts.lost},
                                      {"silenced", facts.silenced}}
                           .dump());
    return facts.silenced.empty() ? 0 : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_trace_overhead: {}\n", error.what());
    return 1;
  }
}
