#include <kainjow/mustache.hpp>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/base/text.h"
#include "reports/html_view.h"
#include "reports/render.h"

namespace skillaudit {
namespace {

namespace mustache = kainjow::mustache;
using html::Section;

std::vector<Section> sections_of(const Evidence& evidence, const Assessment& assessment) {
  std::vector<Section> sections;
  if (const auto asks = asks_of(assessment); !asks.empty())
    sections.push_back(html::asks_for(asks));
  if (const auto parts = not_exercised(evidence, assessment); !parts.empty())
    sections.push_back(html::unexercised(evidence, parts));
  sections.push_back(html::findings(assessment));
  sections.push_back(html::next_steps(assessment));
  sections.push_back(html::checks(evidence, assessment));
  if (!evidence.agent.name.empty()) sections.push_back(html::agent(evidence));
  sections.push_back(html::timeline(evidence, assessment));
  sections.push_back(html::started(evidence));
  sections.push_back(html::network(evidence));
  sections.push_back(html::files(assessment));
  sections.push_back(html::packages(evidence, assessment));
  sections.push_back(html::system_changes(assessment.changes));
  sections.push_back(html::processes(evidence, assessment));
  sections.push_back(html::run(evidence, assessment));
  sections.push_back(html::resources(evidence));
  sections.push_back(html::scores(assessment));
  if (!assessment.findings.empty()) sections.push_back(html::rules(assessment));
  sections.push_back(html::skill_text(evidence.skill));
  sections.push_back(html::unseen(evidence, assessment));
  sections.push_back(html::environment(evidence, assessment));
  return sections;
}

}  // namespace

std::string render_html(const Evidence& evidence, const Assessment& assessment) {
  constexpr std::uint64_t kMostBytes = 1 << 20;
  mustache::mustache page(read_file(resource("reports/report.html.mustache"), kMostBytes));
  if (!page.is_valid())
    fail(ErrorKind::Internal, "reports/report.html.mustache: {}", page.error_message());
  page.set_custom_escape([](const std::string& text) { return html_text(text); });
  const std::string style = read_file(resource("reports/report.css"), kMostBytes);
  mustache::data view;
  view.set("style", style);
  view.set("digest", sha256_base64(style));
  view.set("title", one_line(evidence, assessment));
  view.set("headline", html::headline(evidence, assessment).text());
  view.set("version", printable(evidence.environment.skillaudit_version));
  view.set("started", printable(evidence.started_at));
  mustache::data list{mustache::data::type::list};
  for (const Section& section : sections_of(evidence, assessment)) {
    mustache::data entry;
    entry.set("id", section.id);
    entry.set("title", section.title);
    if (!section.count.empty()) entry.set("count", section.count);
    entry.set("body", section.body.text());
    list.push_back(entry);
  }
  view.set("sections", list);
  return page.render(view);
}

}  // namespace skillaudit
