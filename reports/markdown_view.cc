#include "reports/markdown_view.h"

#include <fmt/core.h>

#include <array>

#include "harness/base/text.h"
#include "reports/markdown_text.h"

namespace skillaudit::markdown {

std::string code(std::string_view raw) {
  return markdown_code(shorten(printable(raw.substr(0, 2000)), 300));
}

data items(const std::vector<std::string>& markdown) {
  data list{data::type::list};
  for (std::size_t i = 0; i < markdown.size() && i < kMostItems; ++i) {
    list.push_back(data{"text", markdown[i]});
  }
  if (markdown.size() > kMostItems) {
    list.push_back(data{"text", fmt::format("and {} more", markdown.size() - kMostItems)});
  }
  return list;
}

data section(const std::string& label, std::size_t count, const std::vector<std::string>& lines) {
  data entry;
  entry.set("label", label);
  entry.set("count", std::to_string(count));
  entry.set("items", items(lines));
  return entry;
}

std::string shown(const CheckItem& item) {
  return item.is_name ? markdown_code(item.text) : markdown_sentence(item.text);
}

data facts(const std::vector<Fact>& all) {
  data list{data::type::list};
  for (const Fact& fact : all) {
    data entry;
    entry.set("label", fact.label);
    entry.set("value", (fact.outcome ? mark_of(*fact.outcome) + " " : "") + shown(fact.value));
    list.push_back(entry);
  }
  return list;
}

std::string mark_of(CheckOutcome outcome) {
  static constexpr std::array kMarks = {"✅", "⚠️", "❌", "ℹ️", "❔"};
  return kMarks.at(static_cast<std::size_t>(outcome));
}

std::string seconds(double value) { return fmt::format("{:.1f}", value); }

}  // namespace skillaudit::markdown
