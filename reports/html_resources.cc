// What the VM used, as small drawings.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "reports/html_view.h"
#include "reports/resources.h"

namespace skillaudit::html {
namespace {

constexpr std::size_t kPoints = 120;
constexpr double kWidth = 240;
constexpr double kHeight = 36;

Html drawing(const ResourceSeries& series) {
  double most = 0;
  for (const double value : series.values)
    if (std::isfinite(value)) most = std::max(most, value);
  std::string line;
  const double gaps = std::max(1.0, static_cast<double>(series.values.size()) - 1);
  for (std::size_t i = 0; i < series.values.size(); ++i) {
    const double value = std::isfinite(series.values[i]) ? std::max(0.0, series.values[i]) : 0.0;
    line += fmt::format("{:.1f},{:.1f} ", static_cast<double>(i) / gaps * kWidth,
                        kHeight - 1 - (most > 0 ? value / most : 0) * (kHeight - 4));
  }
  return markup(
      "<svg class=\"spark\" viewBox=\"0 0 {0:.0f} {1:.0f}\" preserveAspectRatio=\"none\" "
      "role=\"img\" "
      "aria-label=\"{2}: {3}\"><polygon points=\"0,{1:.0f} {4}{0:.0f},{1:.0f}\"/><polyline "
      "points=\"{4}\"/></svg>",
      kWidth, kHeight, series.label, series.peak, line);
}

}  // namespace

Section resources(const Evidence& evidence) {
  Section section{"resources", "Resources", "", {}};
  Html rows;
  for (const ResourceSeries& series : series_of_run(evidence, kPoints))
    rows += markup("<div><dt>{}</dt><dd>{}<span>{}</span></dd></div>\n", series.label,
                   drawing(series), series.peak);
  section.body = rows.empty() ? markup("<p>Not recorded.</p>\n")
                              : markup("<dl class=\"resources\">\n{}</dl>\n", rows);
  return section;
}

}  // namespace skillaudit::html
