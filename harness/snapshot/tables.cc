#include "harness/snapshot/tables.h"

#include <fmt/core.h>

#include "harness/base/text.h"

namespace skillaudit {

void MalformedRows::add(std::string_view row) {
  if (count_++ == 0) first_ = printable(shorten(row, 80));
}

std::vector<std::string> MalformedRows::gaps() const {
  if (count_ == 0) return {};
  return {fmt::format("{} of the guest's table '{}' could not be read, the first: '{}'",
                      count_of(count_, "row"), table_, first_)};
}

}  // namespace skillaudit
