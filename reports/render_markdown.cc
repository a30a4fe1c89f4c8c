#include <fmt/core.h>

#include <kainjow/mustache.hpp>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/rules/flow_text.h"
#include "reports/checks.h"
#include "reports/markdown_text.h"
#include "reports/markdown_view.h"
#include "reports/overview.h"
#include "reports/render.h"

namespace skillaudit {
namespace {

namespace mustache = kainjow::mustache;
using namespace markdown;

data checks_list(const std::vector<Check>& checks) {
  data list{data::type::list};
  for (const Check& check : checks) {
    data entry;
    entry.set("mark", markdown::mark_of(check.outcome));
    entry.set("text", check.text);
    std::vector<std::string> lines;
    for (const CheckItem& item : check.items) lines.push_back(shown(item));
    entry.set("items", items(lines));
    list.push_back(entry);
  }
  return list;
}

void put_network(data& view, const Evidence& evidence) {
  std::size_t blocked = 0;
  for (const Flow& flow : evidence.flows) blocked += flow.allowed || flow.answered ? 0 : 1;
  view.set("network_summary", fmt::format("{} reached the proxy, {} blocked.",
                                          count_of(evidence.flows.size(), "exchange"), blocked));
  data hosts{data::type::list};
  const std::vector<HostTraffic> all = host_traffic(evidence);
  for (std::size_t i = 0; i < all.size() && i < kMostItems; ++i) {
    const HostTraffic& host = all[i];
    data entry;
    entry.set("mark", host.blocked > 0 ? "❌" : "✅");
    entry.set(
        "text",
        fmt::format("{}: {} allowed, {} blocked{}, {} sent, {} received{}", code(host.origin),
                    host.allowed, host.blocked, answered_text(host), human_bytes(host.sent),
                    human_bytes(host.received), host.packages ? ", by package managers" : ""));
    hosts.push_back(entry);
  }
  const auto put_more = [&](std::size_t count) {
    if (count <= kMostItems) return;
    data more;
    more.set("mark", "…");
    more.set("text", fmt::format("and {} more", count - kMostItems));
    hosts.push_back(more);
  };
  put_more(all.size());
  const auto put = [&](const char* mark, std::string text) {
    data entry;
    entry.set("mark", mark);
    entry.set("text", std::move(text));
    hosts.push_back(entry);
  };
  const Wire& wire = evidence.wire;
  for (std::size_t i = 0; i < wire.contacts.size() && i < kMostItems; ++i) {
    const WireContact& contact = wire.contacts[i];
    put("❌", fmt::format("bypassing the proxy, blocked: {} {}{}, {}, {}", contact.protocol,
                         code(contact.who()),
                         contact.port == 0 ? "" : fmt::format(" port {}", contact.port),
                         count_of(contact.frames, "frame"), human_bytes(contact.bytes)));
  }
  put_more(wire.contacts.size());
  for (std::size_t i = 0; i < wire.names.size() && i < kMostItems; ++i)
    put("❔", fmt::format("name looked up without the proxy: {} ({})", code(wire.names[i].name),
                         wire.names[i].type));
  put_more(wire.names.size());
  view.set("hosts", hosts);
}

void put_paths(data& view, const Skill& skill) {
  data list{data::type::list};
  for (std::size_t i = 0; i < skill.hard_coded_paths.size() && i < kMostItems; ++i) {
    const HardCodedPath& found = skill.hard_coded_paths[i];
    data entry;
    entry.set("path", code(found.path));
    entry.set("where", code(fmt::format("{}:{}", found.file, found.line)));
    entry.set("instead", code(found.suggestion));
    list.push_back(entry);
  }
  view.set("paths", list);
  view.set("no_paths", skill.texts.empty() ? "❔ Not observed: the skill has no text."
                                           : "✅ None in the skill's scripts and documents.");
}

void put_timing(data& view, const Evidence& evidence, const Assessment& assessment) {
  data timing{data::type::list};
  for (const StageTime& stage : evidence.timing) {
    data entry;
    entry.set("stage", printable(stage.stage));
    entry.set("seconds", seconds(stage.seconds));
    timing.push_back(entry);
  }
  view.set("timing", timing);
  data gaps{data::type::list};
  for (const std::string& each : not_seen(evidence, assessment))
    gaps.push_back(data{"text", markdown_prose(each)});
  view.set("gaps", gaps);
}

}  // namespace

std::string render_markdown(const Evidence& evidence, const Assessment& assessment) {
  mustache::mustache page(read_file(resource("reports/report.md.mustache"), 1 << 20));
  if (!page.is_valid()) {
    fail(ErrorKind::Internal, "reports/report.md.mustache: {}", page.error_message());
  }
  page.set_custom_escape([](const std::string& text) { return markdown_prose(text); });
  data view;
  put_verdict(view, evidence, assessment);
  put_environment(view, evidence, assessment);
  put_execution(view, evidence, assessment);
  put_agent(view, evidence);
  put_files(view, assessment);
  put_packages(view, evidence, assessment);
  view.set("system", checks_list(system_checks(evidence, assessment)));
  put_diffs(view, assessment.changes);
  put_started(view, evidence);
  put_processes(view, evidence, assessment);
  put_network(view, evidence);
  put_timeline(view, evidence, assessment);
  put_resources(view, evidence);
  view.set("security", checks_list(security_checks(evidence, assessment)));
  put_paths(view, evidence.skill);
  put_asks(view, assessment);
  put_unexercised(view, evidence, assessment);
  put_findings(view, assessment);
  put_timing(view, evidence, assessment);
  return tidy_markdown(page.render(view));
}

}  // namespace skillaudit
