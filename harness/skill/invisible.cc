#include "harness/skill/invisible.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace skillaudit {
namespace {

using Character = std::uint32_t;

struct Range {
  Character first, last;
};

template <std::size_t N>
bool in(const std::array<Range, N>& ranges, Character c) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [c](const Range& range) { return c >= range.first && c <= range.last; });
}

/// Unicode's Default_Ignorable_Code_Point, with the line and paragraph separators and the
/// interlinear annotations.
bool is_invisible(Character c) {
  static constexpr auto kRanges = std::to_array<Range>({{0xad, 0xad},
                                                        {0x34f, 0x34f},
                                                        {0x61c, 0x61c},
                                                        {0x115f, 0x1160},
                                                        {0x17b4, 0x17b5},
                                                        {0x180b, 0x180f},
                                                        {0x200b, 0x200f},
                                                        {0x2028, 0x202e},
                                                        {0x2060, 0x206f},
                                                        {0x3164, 0x3164},
                                                        {0xfe00, 0xfe0f},
                                                        {0xfeff, 0xfeff},
                                                        {0xffa0, 0xffa0},
                                                        {0xfff0, 0xfffb},
                                                        {0x1bca0, 0x1bca3},
                                                        {0x1d173, 0x1d17a},
                                                        {0xe0000, 0xe0fff}});
  return c >= 0xad && in(kRanges, c);
}

bool is_isolate(Character c) { return c >= 0x2066 && c <= 0x2069; }

/// Letters that are written from right to left: Hebrew, Arabic, Syriac, Thaana, N'Ko and their kin.
bool is_right_to_left(Character c) {
  static constexpr auto kRanges = std::to_array<Range>({{0x5d0, 0x5f2},
                                                        {0x620, 0x64a},
                                                        {0x66e, 0x6d3},
                                                        {0x6fa, 0x8c7},
                                                        {0xfb1d, 0xfdfb},
                                                        {0xfe70, 0xfefc},
                                                        {0x10800, 0x10fff},
                                                        {0x1e800, 0x1efff}});
  return c >= 0x5d0 && in(kRanges, c);
}

/// Scripts in which U+200C and U+200D choose the form of a letter (Unicode Standard, 23.2): Arabic
/// and its kin, the Brahmic scripts, Mongolian.
bool takes_joiners(Character c) {
  static constexpr auto kRanges = std::to_array<Range>({{0x610, 0x8ff},
                                                        {0x900, 0xdff},
                                                        {0x1000, 0x109f},
                                                        {0x1700, 0x18af},
                                                        {0x1900, 0x1cff},
                                                        {0xa800, 0xa8ff},
                                                        {0xa930, 0xabff},
                                                        {0xfb50, 0xfdfb},
                                                        {0xfe70, 0xfefc},
                                                        {0x10a00, 0x11fff},
                                                        {0x1e900, 0x1e95f}});
  return c >= 0x610 && in(kRanges, c);
}

/// Scripts that write no spaces between words, where U+200B says that a line may break.
bool writes_no_spaces(Character c) {
  static constexpr auto kRanges = std::to_array<Range>({{0xe00, 0xfff},
                                                        {0x1000, 0x109f},
                                                        {0x1780, 0x17ff},
                                                        {0x1950, 0x1aaf},
                                                        {0x3001, 0x30ff},
                                                        {0x3400, 0x9fff},
                                                        {0xa9e0, 0xa9ff},
                                                        {0xaa60, 0xaadf},
                                                        {0x20000, 0x3ffff}});
  return c >= 0xe00 && in(kRanges, c);
}

bool is_emoji(Character c) {
  static constexpr auto kRanges = std::to_array<Range>({{0x203c, 0x203c},
                                                        {0x2049, 0x2049},
                                                        {0x2100, 0x27bf},
                                                        {0x2934, 0x2935},
                                                        {0x2b00, 0x2bff},
                                                        {0x3030, 0x303d},
                                                        {0x3297, 0x3299},
                                                        {0x1f000, 0x1faff}});
  return c >= 0x203c && in(kRanges, c);
}

bool is_ideograph(Character c) {
  static constexpr auto kRanges =
      std::to_array<Range>({{0x3400, 0x9fff}, {0xf900, 0xfaff}, {0x20000, 0x3ffff}});
  return c >= 0x3400 && in(kRanges, c);
}

/// Characters that have forms by U+FE00 and on besides emoji (StandardizedVariants.txt).
bool has_variants(Character c) {
  static constexpr auto kRanges = std::to_array<Range>({{0x1000, 0x109f},
                                                        {0x2200, 0x22ff},
                                                        {0x2a00, 0x2aff},
                                                        {0x3000, 0x303f},
                                                        {0xa840, 0xa87f},
                                                        {0xaa60, 0xaa7f},
                                                        {0xff01, 0xff60}});
  return c >= 0x1000 && in(kRanges, c);
}

bool is_letter(Character c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= 0xc0 && !is_invisible(c));
}

bool is_jamo(Character c) {
  return (c >= 0x1100 && c <= 0x11ff && !is_invisible(c)) || (c >= 0xa960 && c <= 0xa97f) ||
         (c >= 0xd7b0 && c <= 0xd7ff);
}

class Judge {
 public:
  explicit Judge(const CharacterLine& line) : line_(line) {
    const auto& all = line.characters;
    const auto letters = std::count_if(all.begin(), all.end(), is_right_to_left);
    const auto controls = std::count_if(all.begin(), all.end(), [](Character c) {
      return is_isolate(c) || c == 0x61c || c == 0x200e || c == 0x200f;
    });
    // One letter does not excuse a line of them.
    right_to_left_ = letters > 0 && controls <= letters;
    int depth = 0;
    for (const Character c : all) {
      if (!is_isolate(c)) continue;
      depth += c == 0x2069 ? -1 : 1;
      balanced_ = balanced_ && depth >= 0;
    }
    balanced_ = balanced_ && depth == 0;
  }

  [[nodiscard]] bool is_hidden(std::size_t i) const {
    const Character c = at(i);
    if (line_.document && (c == 0x1b || c == 0x08)) return true;
    return is_invisible(c) && !is_needed(i);
  }

  /// Length of the tags of a flag that stand after U+1F3F4: England, Scotland and Wales are all
  /// that Unicode recommends (UTS 51, RGI_Emoji_Tag_Sequence). Any others are text that nobody
  /// sees.
  [[nodiscard]] std::size_t flag_tags(std::size_t i) const {
    if (at(i) != 0x1f3f4) return 0;
    for (const std::string_view region : {"gbeng", "gbsct", "gbwls"}) {
      std::size_t n = 0;
      while (n < region.size() && at(i + 1 + n) == 0xe0000U + static_cast<unsigned char>(region[n]))
        ++n;
      if (n == region.size() && at(i + 1 + n) == 0xe007f) return n + 1;
    }
    return 0;
  }

 private:
  [[nodiscard]] Character at(std::size_t i) const {
    return i < line_.characters.size() ? line_.characters[i] : 0;
  }

  /// Whether what stands around an invisible character gives it something to do. Most are needed
  /// only where no other one stands beside them: a run of them is a message.
  [[nodiscard]] bool is_needed(std::size_t i) const {
    const Character c = at(i);
    const Character before = i == 0 ? 0 : at(i - 1);
    const Character after = at(i + 1);
    if (c == 0xfeff) return line_.first && i == 0;
    if (c >= 0xfe00 && c <= 0xfe0f) return selects_form(c, before, after);
    if (c >= 0xe0100 && c <= 0xe01ef) return is_ideograph(before);
    if (c == 0x115f || c == 0x1160) return is_jamo(before) || is_jamo(after);
    if (is_isolate(c)) return line_.prose && right_to_left_ && balanced_;
    if (c == 0x200d && joins_emoji(i)) return true;
    if (is_invisible(before) || is_invisible(after)) return false;
    switch (c) {
      case 0xad:
        return is_letter(before) && is_letter(after);
      case 0x61c:
      case 0x200e:
      case 0x200f:
        return right_to_left_;
      case 0x200b:
        return writes_no_spaces(before) || writes_no_spaces(after);
      case 0x200c:
      case 0x200d:
        return takes_joiners(before) || takes_joiners(after);
      default:
        return (c == 0x17b4 || c == 0x17b5 || (c >= 0x180b && c <= 0x180f)) &&
               takes_joiners(before);
    }
  }

  static bool selects_form(Character selector, Character base, Character after) {
    if (is_invisible(base)) return false;
    const bool of_emoji = selector >= 0xfe0e;
    if (!of_emoji) return is_ideograph(base) || has_variants(base);
    if (base == '#' || base == '*' || (base >= '0' && base <= '9')) return after == 0x20e3;
    return base == 0xa9 || base == 0xae || base >= 0x2000;
  }

  [[nodiscard]] bool joins_emoji(std::size_t i) const {
    if (i == 0) return false;
    const bool formed = at(i - 1) == 0xfe0f && i > 1;
    return is_emoji(at(formed ? i - 2 : i - 1)) && is_emoji(at(i + 1));
  }

  const CharacterLine& line_;
  bool right_to_left_ = false;
  bool balanced_ = true;
};

}  // namespace

std::vector<std::size_t> invisible_in(const CharacterLine& line) {
  const Judge judge(line);
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < line.characters.size(); ++i) {
    if (judge.is_hidden(i)) found.push_back(i);
    i += judge.flag_tags(i);
  }
  return found;
}

}  // namespace skillaudit
