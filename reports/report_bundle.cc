#include "reports/report_bundle.h"

#include <future>
#include <vector>

#include "harness/base/file.h"
#include "harness/bundle/layout.h"
#include "reports/render.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;

using Render = std::string (*)(const Evidence&, const Assessment&);

struct Rendered {
  Render render;
  BundleFile file;
  std::string_view format;
};

constexpr Rendered kRendered[] = {{render_markdown, BundleFile::Report, "md"},
                                  {render_html, BundleFile::Report, "html"},
                                  {render_json, BundleFile::Report, "json"},
                                  {render_timeline, BundleFile::Timeline, ""}};

fs::path file_of(const fs::path& bundle, const Rendered& each) {
  return each.format.empty() ? path_in(bundle, each.file) : path_in(bundle, each.file, each.format);
}

}  // namespace

void write_reports(const fs::path& bundle, const Evidence& evidence, const Assessment& assessment) {
  std::vector<std::future<void>> writing;
  for (const Rendered& each : kRendered)
    writing.push_back(std::async(std::launch::async, [&each, &bundle, &evidence, &assessment] {
      write_file(file_of(bundle, each), each.render(evidence, assessment));
    }));
  for (const std::future<void>& each : writing) each.wait();  // all end before one throws
  for (std::future<void>& each : writing) each.get();
}

AuditResult report_bundle(const fs::path& bundle, const Rubric& rubric, ParsedSnapshots parsed) {
  AuditResult result = assess_bundle(bundle, rubric, std::move(parsed));
  write_reports(bundle, result.evidence, result.assessment);
  return result;
}

}  // namespace skillaudit
