// The memory that each further clone of a template adds: PSS (proc_pid_smaps_rollup(5)), in which a
// page that several processes share counts for each in part. Prints one line of JSON.
//   bench_clone_memory [CLONES]      4 by default

#include <fmt/core.h>

#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "harness/audit/sandbox.h"
#include "harness/base/file.h"
#include "harness/base/temp_dir.h"
#include "harness/providers/default_provider.h"
#include "harness/providers/qemu/qemu_machine.h"

using namespace skillaudit;

namespace {

double pss_mib(pid_t pid) {
  const std::string text = read_file(fmt::format("/proc/{}/smaps_rollup", pid), 1 << 16);
  const std::size_t at = text.find("\nPss:");
  return std::strtod(text.c_str() + at + 5, nullptr) / 1024;
}

struct Clone {
  TempDir evidence;
  Sandbox sandbox;
  Clone() : sandbox(open(evidence)) {}
  static Sandbox open(const TempDir& evidence) {
    SilentProgress progress;
    return Sandbox::open(default_provider(), {.evidence_dir = evidence.path()}, progress);
  }
};

}  // namespace

int main(int argc, char** argv) {
  try {
    const int count = argc > 1 ? std::atoi(argv[1]) : 4;
    std::vector<std::unique_ptr<Clone>> clones;
    nlohmann::json steps = nlohmann::json::array();
    std::vector<double> totals;
    for (int i = 0; i < count; ++i) {
      clones.push_back(std::make_unique<Clone>());
      double qemu = 0;
      double proxy = 0;
      for (const auto& clone : clones) {
        qemu += pss_mib(qemu_of(clone->sandbox.machine()).pid());
        proxy += pss_mib(clone->sandbox.proxy().pid());
      }
      totals.push_back(qemu);
      steps.push_back({{"clones", i + 1}, {"qemu_mib", qemu}, {"proxy_mib", proxy}});
    }
    const double further =
        totals.size() < 2 ? 0 : (totals.back() - totals.front()) / static_cast<double>(count - 1);
    fmt::print("{}\n", nlohmann::json{{"steps", steps}, {"further_mib", further}}.dump());
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_clone_memory: {}\n", error.what());
    return 1;
  }
}
