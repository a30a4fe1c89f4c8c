#include "harness/evidence/agent.h"

#include <charconv>

namespace skillaudit {

std::string format_agent_files(const std::vector<AgentFileText>& files) {
  std::string text;
  for (const AgentFileText& file : files)
    text += file.path + '\0' + std::to_string(file.text.size()) + '\0' + file.text;
  return text;
}

std::vector<AgentFileText> parse_agent_files(std::string_view text, std::vector<Gap>& gaps) {
  std::vector<AgentFileText> files;
  while (!text.empty()) {
    const std::size_t path_end = text.find('\0');
    const std::size_t size_end =
        path_end == std::string_view::npos ? path_end : text.find('\0', path_end + 1);
    std::size_t size = 0;
    bool read = size_end != std::string_view::npos;
    if (read) {
      const char* const end = text.data() + size_end;
      const auto number = std::from_chars(text.data() + path_end + 1, end, size);
      read = number.ec == std::errc() && number.ptr == end && size <= text.size() - size_end - 1;
    }
    if (!read) {
      gaps.push_back(
          Gap::lost(GapSource::AgentFiles, "The changed settings of agents are damaged."));
      return files;
    }
    files.push_back(
        {std::string(text.substr(0, path_end)), std::string(text.substr(size_end + 1, size))});
    text.remove_prefix(size_end + 1 + size);
  }
  return files;
}

}  // namespace skillaudit
