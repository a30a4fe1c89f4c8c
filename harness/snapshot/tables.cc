#include "harness/snapshot/tables.h"

#include <fmt/core.h>

#include "harness/base/text.h"

namespace skillaudit {

void MalformedRows::add(std::string_view row) {
  if (count_++ == 0) first_ = printable(shorten(row, 80));
}

std::vector<Gap> MalformedRows::gaps() const {
  if (count_ == 0) return {};
  return {Gap::lost(GapSource::Snapshot,
                    fmt::format("{} of the guest's table '{}' could not be read, the first: '{}'",
                                count_of(count_, "row"), name_of(table_), first_),
                    {.table = table_})};
}

}  // namespace skillaudit
