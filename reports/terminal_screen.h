#pragma once

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "harness/analysis/assessment.h"
#include "harness/evidence/evidence.h"
#include "reports/deeds.h"
#include "reports/render_terminal.h"
#include "reports/terminal_text.h"

/// What the parts of the report on a terminal share.
namespace skillaudit::terminal {

/// Select Graphic Rendition of ECMA-48.
enum class Ink { Plain, Bold, Dim, Red, Green, Yellow, Magenta, Cyan };

class Screen {
 public:
  explicit Screen(const TerminalStyle& style)
      : columns_(static_cast<std::size_t>(std::clamp(style.columns, 40, 120))),
        colour_(style.colour) {}

  [[nodiscard]] std::size_t columns() const { return columns_; }

  [[nodiscard]] std::string ink(Ink ink, std::string_view text) const {
    static constexpr std::array<std::string_view, 8> kCodes = {"",   "1",  "2",  "31",
                                                               "32", "33", "35", "36"};
    if (!colour_ || ink == Ink::Plain) return std::string(text);
    return fmt::format("\x1b[{}m{}\x1b[0m", kCodes[static_cast<std::size_t>(ink)], text);
  }
  /// Black on the colour; in brackets where there is none.
  [[nodiscard]] std::string badge(Ink colour, std::string_view text) const {
    static constexpr std::array<std::string_view, 8> kCodes = {"",   "1",  "2",  "41",
                                                               "42", "43", "45", "46"};
    if (!colour_) return fmt::format("[{}]", text);
    return fmt::format("\x1b[1;30;{}m {} \x1b[0m", kCodes[static_cast<std::size_t>(colour)], text);
  }
  void line(std::string_view text = {}) { out_.append(text).append("\n"); }
  void heading(std::string_view title, std::string_view after = {}) {
    line();
    line(ink(Ink::Bold, title) +
         (after.empty() ? "" : "  " + ink(Ink::Dim, fit(after, columns_ - title.size() - 2))));
  }
  /// `text` behind `first`, which takes `indent` columns; further lines hang below it.
  void hang(const std::string& first, std::size_t indent, std::string_view text,
            Ink colour = Ink::Plain) {
    bool is_first = true;
    for (const std::string& each : wrap(text, columns_ - indent)) {
      line((is_first ? first : std::string(indent, ' ')) + ink(colour, each));
      is_first = false;
    }
  }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  std::size_t columns_;
  bool colour_;
  std::string out_;
};

/// The colour of findings of this severity.
[[nodiscard]] Ink ink_of(Severity severity);

// terminal_decision.cc: what is read first
void put_verdict(Screen& screen, const Evidence& evidence, const Assessment& assessment);
void put_asks(Screen& screen, const Assessment& assessment);
void put_not_exercised(Screen& screen, const Evidence& evidence, const Assessment& assessment,
                       std::string_view program);
void put_findings(Screen& screen, const Assessment& assessment);
void put_next(Screen& screen, const Assessment& assessment);
void put_scores(Screen& screen, const Assessment& assessment);

}  // namespace skillaudit::terminal
