#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace skillaudit {

/// Follows the tags of a document from front to back and knows whether text between them shows:
/// not in <style>, <script>, <template> and their like, nor in an element with `hidden` or a style
/// that hides it. Stricter than a browser where in doubt: an element that is never closed hides
/// the rest, because its end is unknown.
class HtmlVisibility {
 public:
  /// One tag as written: "<p hidden>", "</p>". Comments and what is no tag change nothing.
  void tag(std::string_view text);
  [[nodiscard]] bool visible() const { return hidden_.empty(); }

 private:
  std::vector<std::string> hidden_;  ///< the open elements from the first hidden one on
};

}  // namespace skillaudit
