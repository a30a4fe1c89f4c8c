// How long a bundle takes to be read, graded and rendered again, and how much memory, by the number
// of files that changed: `skillaudit report BUNDLE` in its parts, and then each format by itself,
// of the largest bundle. Each measurement is a process of its own, so that one does not find the
// memory of another.

#include <fmt/core.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <map>
#include <nlohmann/json.hpp>

#include "harness/analysis/assess.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/temp_dir.h"
#include "harness/bundle/layout.h"
#include "harness/bundle/read.h"
#include "reports/formats.h"
#include "reports/gate_report.h"
#include "reports/render_terminal.h"
#include "reports/report_bundle.h"
#include "tests/unit/bundle/changed_bundle.h"

using namespace skillaudit;
namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

namespace {

constexpr const char* kParts[] = {"load", "assess", "reports"};

double wall_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

/// What report_bundle() of reports/report_bundle.cc does, step by step.
Json measure(const fs::path& bundle) {
  Json result;
  const double start = wall_seconds();
  double last = start;
  const auto part = [&](const char* name) {
    const double now = wall_seconds();
    result[name] = now - last;
    last = now;
  };
  const Evidence evidence = load_evidence(bundle);
  part("load");
  const Assessment assessment = assess(evidence, shipped_rubric());
  part("assess");
  write_reports(bundle, evidence, assessment);
  part("reports");
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  result["seconds"] = last - start;
  result["cpu_seconds"] = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
  result["peak_mib"] = static_cast<double>(usage.ru_maxrss) / 1024;
  result["changes"] = assessment.changes.files.size();
  result["report_md_bytes"] = fs::file_size(path_in(bundle, BundleFile::Report, "md"));
  result["report_json_bytes"] = fs::file_size(path_in(bundle, BundleFile::Report, "json"));
  result["report_html_bytes"] = fs::file_size(path_in(bundle, BundleFile::Report, "html"));
  return result;
}

double peak_mib() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

/// "terminal" and "gate" (with itself for a baseline) besides those of reports/formats.h; "none"
/// renders nothing: what the rest costs.
std::string rendered(const std::string& format, const Evidence& evidence,
                     const Assessment& assessment) {
  if (format == "none") return {};
  if (format == "terminal") return render_terminal(evidence, assessment, {.columns = 100});
  if (format == "gate") {
    GateRules rules;
    rules.baseline = release_of(evidence, assessment);
    return render_gate_text(pass_gate(evidence, assessment, shipped_rubric(), rules));
  }
  return format_named(format).render(evidence, assessment, nullptr,
                                     {.folder = "skills/simulation"});
}

Json measure_format(const fs::path& bundle, const std::string& format) {
  const Evidence evidence = load_evidence(bundle);
  const Assessment assessment = assess(evidence, shipped_rubric());
  const double before = peak_mib();
  const double start = wall_seconds();
  const std::string text = rendered(format, evidence, assessment);
  return {{"seconds", wall_seconds() - start},
          {"peak_mib", peak_mib()},
          {"more_mib", peak_mib() - before},
          {"bytes", text.size()}};
}

std::uint64_t size_of(const fs::path& folder) {
  std::uint64_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) bytes += entry.file_size();
  return bytes;
}

std::string child(const std::vector<std::string>& arguments) {
  std::vector<std::string> command = {fs::read_symlink("/proc/self/exe").string()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return check_output(command, {.timeout = std::chrono::minutes(10)});
}

/// The medians of `runs` measurements; sizes and counts are the same in each. `format`: of one
/// format alone; empty: of the whole.
Json medians(const fs::path& bundle, int runs, const std::string& format = {}) {
  std::map<std::string, std::vector<double>> values;
  Json result;
  for (int i = 0; i < runs; ++i) {
    result = Json::parse(child({"--measure", bundle.string(), "--format", format}));
    for (const auto& [name, value] : result.items()) values[name].push_back(value.get<double>());
  }
  for (auto& [name, each] : values) {
    if (result[name].is_number_integer()) continue;
    std::nth_element(each.begin(), each.begin() + runs / 2, each.end());
    result[name] = each[static_cast<std::size_t>(runs) / 2];
  }
  return result;
}

Json format_table(const fs::path& bundle, int runs) {
  std::vector<std::string> names = {"none", "terminal", "gate"};
  for (const Format& format : formats()) names.emplace_back(format.name);
  Json rows = Json::array();
  fmt::print("\n{:<20} {:>9} {:>10} {:>10} {:>12}\n", "format", "render", "more", "peak", "size");
  for (const std::string& name : names) {
    Json row = medians(bundle, runs, name);
    fmt::print("{:<20} {:>7.3f} s {:>6.1f} MiB {:>6.0f} MiB {:>8.1f} KiB\n", name,
               row["seconds"].get<double>(), row["more_mib"].get<double>(),
               row["peak_mib"].get<double>(), row["bytes"].get<double>() / 1024);
    std::fflush(stdout);
    row["format"] = name;
    rows.push_back(std::move(row));
  }
  return rows;
}

Json table(const std::vector<std::size_t>& sizes, int runs) {
  Json rows = Json::array();
  fmt::print("{:>9} {:>8}", "changes", "bundle");
  for (const char* part : kParts) fmt::print(" {:>8}", part);
  fmt::print(" {:>8} {:>8} {:>9} {:>10} {:>11} {:>11}\n", "total", "CPU", "peak", "report.md",
             "report.json", "report.html");
  const TempDir folder;
  for (const std::size_t size : sizes) {
    const fs::path bundle = folder.path() / std::to_string(size);
    child({"--make", bundle.string(), "--sizes", std::to_string(size)});
    const std::uint64_t bytes = size_of(bundle);
    Json row = medians(bundle, runs);
    row["bundle_bytes"] = bytes;
    if (row["changes"] != size)
      fail(ErrorKind::Internal, "of {} changes {} were found", size, row["changes"].dump());
    fmt::print("{:>9} {:>5.0f} MB", size, static_cast<double>(bytes) / 1e6);
    for (const char* part : kParts) fmt::print(" {:>6.3f} s", row[part].get<double>());
    fmt::print(" {:>6.3f} s {:>6.3f} s {:>5.0f} MiB {:>6.1f} KiB {:>7.1f} KiB {:>7.1f} KiB\n",
               row["seconds"].get<double>(), row["cpu_seconds"].get<double>(),
               row["peak_mib"].get<double>(), row["report_md_bytes"].get<double>() / 1024,
               row["report_json_bytes"].get<double>() / 1024,
               row["report_html_bytes"].get<double>() / 1024);
    std::fflush(stdout);
    rows.push_back(std::move(row));
    if (size != sizes.back()) fs::remove_all(bundle);
  }
  Json formats = format_table(folder.path() / std::to_string(sizes.back()), runs);
  return {{"benchmark", "report_scale"},
          {"runs", runs},
          {"rows", std::move(rows)},
          {"formats", std::move(formats)}};
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Time and memory to grade and render a bundle, by the number of changed files.");
  std::vector<std::size_t> sizes = {1000, 100'000, 1'000'000};
  int runs = 3;
  std::string json_file, make, measured, format;
  app.add_option("--sizes", sizes, "Numbers of changed files")->delimiter(',');
  app.add_option("--runs", runs, "Measurements of each; the median counts")
      ->check(CLI::Range(1, 99));
  app.add_option("--json", json_file, "Write the figures there, too");
  app.add_option("--make", make, "Only make the bundle of the first size in this new folder");
  app.add_option("--measure", measured, "Only measure this bundle, and print JSON");
  app.add_option("--format", format, "With --measure: only this one");
  CLI11_PARSE(app, argc, argv);
  try {
    if (!make.empty()) {
      testing::write_changed_bundle(sizes.at(0), make);
    } else if (!measured.empty()) {
      fmt::print("{}\n",
                 (format.empty() ? measure(measured) : measure_format(measured, format)).dump());
    } else {
      const Json figures = table(sizes, runs);
      if (!json_file.empty()) write_file(json_file, figures.dump(2) + "\n");
    }
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_report_scale: {}\n", error.what());
    return 1;
  }
}
