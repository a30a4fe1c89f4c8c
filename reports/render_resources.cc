#include "reports/markdown_view.h"
#include "reports/resources.h"

namespace skillaudit::markdown {

void put_resources(data& view, const Evidence& evidence) {
  constexpr std::size_t kBars = 40;
  data rows{data::type::list};
  for (const ResourceSeries& series : series_of_run(evidence, kBars)) {
    data row;
    row.set("label", series.label);
    row.set("peak", series.peak);
    row.set("bars", sparkline(series.values));
    rows.push_back(row);
  }
  view.set("resources", rows);
}

}  // namespace skillaudit::markdown
