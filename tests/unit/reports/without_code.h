#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace skillaudit::testing {

/// Takes out what Markdown shows as it stands: fenced blocks and code spans.
inline std::string without_code(const std::string& report) {
  std::string out;
  std::string fence;
  std::size_t line_start = 0;
  while (line_start < report.size()) {
    const std::size_t end = std::min(report.find('\n', line_start), report.size());
    std::string line = report.substr(line_start, end - line_start);
    line_start = end + 1;
    const std::size_t text = line.find_first_not_of(' ');
    const std::size_t ticks =
        text == std::string::npos ? 0 : line.find_first_not_of('`', text) - text;
    if (!fence.empty()) {
      if (text != std::string::npos && line.substr(text) == fence) fence.clear();
      continue;
    }
    if (text != std::string::npos && ticks >= 3 && line.ends_with("text")) {
      fence = line.substr(text, line.size() - text - 4);
      continue;
    }
    for (std::size_t i = 0; i < line.size();) {
      if (line[i] == '\\' && i + 1 < line.size()) {
        out += line.substr(i, 2);
        i += 2;
      } else if (line[i] == '`') {
        const std::size_t run = std::min(line.find_first_not_of('`', i), line.size()) - i;
        const std::string mark = line.substr(i, run);
        std::size_t close = i + run;
        for (;; close += 1) {
          close = line.find(mark, close);
          if (close == std::string::npos) break;
          const std::size_t closing = line.find_first_not_of('`', close);
          if (std::min(closing, line.size()) - close == run) break;
          close = std::min(closing, line.size() - 1);
        }
        EXPECT_NE(close, std::string::npos) << "an open code span in: " << line;
        if (close == std::string::npos) return out;
        i = close + run;
      } else {
        out += line[i++];
      }
    }
    out += '\n';
  }
  EXPECT_EQ(fence, "") << "an open fence";
  return out;
}

}  // namespace skillaudit::testing
