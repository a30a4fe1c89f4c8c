#include "reports/report_bundle.h"

#include "harness/base/file.h"
#include "harness/bundle/layout.h"
#include "reports/render.h"

namespace skillaudit {

AuditResult report_bundle(const std::filesystem::path& bundle, const Rubric& rubric,
                          ParsedSnapshots parsed) {
  AuditResult result = assess_bundle(bundle, rubric, std::move(parsed));
  const Evidence& evidence = result.evidence;
  const Assessment& assessment = result.assessment;
  const auto report = [&](std::string_view format, const std::string& text) {
    write_file(path_in(bundle, BundleFile::Report, format), text);
  };
  report("md", render_markdown(evidence, assessment));
  report("html", render_html(evidence, assessment));
  report("json", render_json(evidence, assessment));
  write_file(path_in(bundle, BundleFile::Timeline), render_timeline(evidence, assessment));
  return result;
}

}  // namespace skillaudit
