#include "harness/base/name.h"

#include <algorithm>
#include <cctype>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace skillaudit {

void check_name(const std::string& what, const std::string& name) {
  const bool well_formed =
      !name.empty() && name.size() <= 64 && std::isalnum(static_cast<unsigned char>(name[0])) &&
      std::all_of(name.begin(), name.end(), [](unsigned char c) {
        return std::islower(c) || std::isdigit(c) || c == '-' || c == '.' || c == '_';
      });
  if (!well_formed)
    fail(ErrorKind::Usage, "'{}' cannot name {}: use lower-case letters, digits, '-', '.' and '_'",
         printable(shorten(name, 80)), what);
}

}  // namespace skillaudit
