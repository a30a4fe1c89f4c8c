#include "harness/skill/invisible.h"

#include <unictype.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "harness/base/text.h"

namespace skillaudit {
namespace {

// Properties of characters come from libunistring, which has all that are asked for here.

using Character = std::uint32_t;
using Scripts = std::vector<const uc_script_t*>;

/// `names` as Unicode writes them, with a space between.
Scripts scripts(std::string_view names) {
  Scripts result;
  for (const std::string_view name : split(names, ' '))
    if (const uc_script_t* script = uc_script_byname(std::string(name).c_str()))
      result.push_back(script);
  return result;
}

bool is_of(Character c, const Scripts& list) {
  return std::find(list.begin(), list.end(), uc_script(c)) != list.end();
}

/// With the line and paragraph separators and the interlinear annotations, which show as nothing
/// too.
bool is_invisible(Character c) {
  return c >= 0xad && (uc_is_property_default_ignorable_code_point(c) || c == 0x2028 ||
                       c == 0x2029 || (c >= 0xfff9 && c <= 0xfffb));
}

bool is_isolate(Character c) { return c >= 0x2066 && c <= 0x2069; }

/// Letters that are written from right to left: Hebrew, Arabic, Syriac, Thaana, N'Ko and their kin.
bool is_right_to_left(Character c) {
  if (c < 0x590 || is_invisible(c)) return false;
  const int direction = uc_bidi_class(c);
  return direction == UC_BIDI_R || direction == UC_BIDI_AL;
}

/// Scripts in which U+200C and U+200D choose the form of a letter (Unicode Standard, 23.2): Arabic
/// and its kin, the Brahmic scripts, Mongolian.
constexpr std::string_view kJoiningScripts =
    "Adlam Ahom Arabic Balinese Batak Bengali Bhaiksuki Brahmi Buginese Buhid Chakma Cham "
    "Chorasmian Devanagari Dives_Akuru Dogra Grantha Gujarati Gunjala_Gondi Gurmukhi "
    "Hanifi_Rohingya Hanunoo Javanese Kaithi Kannada Kharoshthi Khmer Khojki Khudawadi "
    "Lepcha Limbu Mahajani Makasar Malayalam Mandaic Manichaean Marchen Masaram_Gondi "
    "Meetei_Mayek Modi Mongolian Multani Myanmar Nandinagari New_Tai_Lue Newa Nko "
    "Old_Uyghur Oriya Phags_Pa Psalter_Pahlavi Rejang Saurashtra Sharada Siddham Sinhala "
    "Sogdian Soyombo Sundanese Syloti_Nagri Syriac Tagalog Tagbanwa Tai_Le Tai_Tham Takri "
    "Tamil Telugu Thaana Tirhuta Zanabazar_Square";

bool takes_joiners(Character c) {
  static const Scripts kScripts = scripts(kJoiningScripts);
  // Marks that these scripts share belong to none of them.
  const bool shared = (c >= 0x610 && c <= 0x670) || (c >= 0x951 && c <= 0x965) ||
                      (c >= 0x1cd0 && c <= 0x1cff) || (c >= 0xa830 && c <= 0xa839);
  return c >= 0x610 && !is_invisible(c) && (shared || is_of(c, kScripts));
}

/// Scripts that write no spaces between words, where U+200B says that a line may break.
bool writes_no_spaces(Character c) {
  static const Scripts kScripts = scripts(
      "Thai Lao Tibetan Myanmar Khmer Tai_Le New_Tai_Lue Buginese Tai_Tham Tai_Viet Han Hiragana "
      "Katakana Bopomofo");
  const bool punctuation = c >= 0x3001 && c <= 0x30ff;
  return c >= 0xe00 && (punctuation || is_of(c, kScripts));
}

bool is_emoji(Character c) { return c >= 0x203c && uc_is_property_emoji(c); }

bool is_ideograph(Character c) { return c >= 0x3006 && uc_is_property_ideographic(c); }

/// Characters that have forms by U+FE00 and on besides emoji (StandardizedVariants.txt),
/// by block: libunistring does not have them.
bool has_variants(Character c) {
  struct Range {
    Character first, last;
  };
  static constexpr auto kRanges = std::to_array<Range>({{0x1000, 0x109f},
                                                        {0x2200, 0x22ff},
                                                        {0x2a00, 0x2aff},
                                                        {0x3000, 0x303f},
                                                        {0xa840, 0xa87f},
                                                        {0xaa60, 0xaa7f},
                                                        {0xff01, 0xff60}});
  return std::any_of(kRanges.begin(), kRanges.end(),
                     [c](const Range& range) { return c >= range.first && c <= range.last; });
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
