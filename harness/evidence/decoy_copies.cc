#include "harness/evidence/decoy_copies.h"

#include <array>

namespace skillaudit {

bool is_in_file(const DecoySighting& sighting) {
  return sighting.evidence == source::after(Table::Files);
}

std::string format_copies(const std::vector<DecoySighting>& copies) {
  std::string text;
  for (const DecoySighting& copy : copies)
    for (const std::string* field : {&copy.decoy, &copy.where, &copy.encoding})
      text += *field + '\0';
  return text;
}

std::vector<DecoySighting> parse_copies(std::string_view text, std::vector<Gap>& gaps) {
  std::vector<DecoySighting> copies;
  while (!text.empty()) {
    std::array<std::string_view, 3> fields;
    for (std::string_view& field : fields) {
      const std::size_t end = text.find('\0');
      if (end == std::string_view::npos) {
        gaps.push_back(Gap::lost(GapSource::DecoySearch,
                                 "The list of files that contain a decoy is damaged."));
        return copies;
      }
      field = text.substr(0, end);
      text.remove_prefix(end + 1);
    }
    copies.push_back({std::string(fields[0]), source::after(Table::Files), std::string(fields[1]),
                      std::string(fields[2])});
  }
  return copies;
}

}  // namespace skillaudit
