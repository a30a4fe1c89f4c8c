#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace skillaudit {

/// Follows the raw HTML of a Markdown page, piece by piece, and says whether what stands between
/// shows when the page is rendered. In doubt it does not: an element shows only where it is one
/// that GitHub's renderer keeps, with none but harmless attributes. `<details>` shows (a click
/// opens it); `style`, `hidden`, `class` and the like hide what is in the element, and so does
/// `<del>`. A comment or tag that is never closed hides all that follows.
class RenderedHtml {
 public:
  /// A run of raw HTML as the parser hands it out. Returns its text outside of tags where that
  /// shows; a tag becomes a space.
  [[nodiscard]] std::string feed(std::string_view html);

  /// What hides the text that follows: "an HTML comment", "<div style>"; empty where it shows.
  [[nodiscard]] std::string hidden_by() const;

 private:
  void tag(std::string_view inside);
  void close(std::string_view name);

  struct Element {
    std::string name;
    std::string hides;  ///< empty: it shows
  };
  std::vector<Element> open_;
  std::size_t hiding_ = 0;  ///< elements of open_ that hide
  enum class Inside { Text, Tag, Comment } inside_ = Inside::Text;
  std::string pending_;  ///< of a tag that goes on in the next run
};

}  // namespace skillaudit
