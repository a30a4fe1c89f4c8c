// Claims that nothing of a kind happened, what they rest on, and what nobody could see.
#include <array>

#include "harness/base/text.h"
#include "reports/checks.h"
#include "reports/html_view.h"

namespace skillaudit::html {
namespace {

Html mark(CheckOutcome outcome) {
  struct Mark {
    std::string_view css, word;
  };
  static constexpr std::array kMarks = {Mark{"fine", "OK"}, Mark{"warning", "WARNING"},
                                        Mark{"grave", "BAD"}, Mark{"note", "NOTE"},
                                        Mark{"unknown", "NOT OBSERVED"}};
  const Mark& mark = kMarks.at(static_cast<std::size_t>(outcome));
  return markup("<span class=\"mark {}\">{}</span>", mark.css, mark.word);
}

Html check_list(const std::vector<Check>& checks) {
  Html items;
  for (const Check& check : checks) {
    items += markup("<li>{}<div>{}{}</div></li>\n", mark(check.outcome), check.text,
                    list_of(check.items, Bounds{30, 24 << 10}, [](const CheckItem& item) {
                      return item.is_name ? printable_code(item.text)
                                          : sentence(shorten(item.text, 600));
                    }));
  }
  return markup("<ul class=\"checks\">\n{}</ul>\n", items);
}

}  // namespace

Section checks(const Evidence& evidence, const Assessment& assessment) {
  return {"checks", "Checked", "",
          markup("<h3>Security</h3>\n{}<h3>System</h3>\n{}",
                 check_list(security_checks(evidence, assessment)),
                 check_list(system_checks(evidence, assessment)))};
}

Section unseen(const Evidence& evidence, const Assessment& assessment) {
  return {"unseen", "What was not observed", "",
          list_of(not_seen(evidence, assessment), Bounds{100, 64 << 10},
                  [](const std::string& each) { return markup("{}", shorten(each, 600)); })};
}

}  // namespace skillaudit::html
