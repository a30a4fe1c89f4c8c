#include "harness/words/addresses.h"

#include "harness/base/text.h"

namespace skillaudit {

std::string_view address_in(std::string_view code) {
  const std::size_t open = code.find("](");
  const bool is_link = code.starts_with('[') || code.starts_with("![");
  if (!is_link || open == std::string_view::npos || !code.ends_with(')')) return code;
  return code.substr(open + 2, code.size() - open - 3);
}

bool has_place_for_data(std::string_view url) {
  const std::size_t query = url.find('?');
  if (query == std::string_view::npos) return false;
  for (const std::string_view part : split(url.substr(query + 1), '&')) {
    const std::string_view value = part.substr(part.find('=') + 1);
    const bool is_word = value.size() > 3 && value.size() < part.size() &&
                         value.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == value.npos;
    const bool is_credential = value.find("KEY") != value.npos ||
                               value.find("TOKEN") != value.npos ||
                               value.find("SECRET") != value.npos;
    if (is_word && !is_credential) return true;
  }
  return false;
}

}  // namespace skillaudit
