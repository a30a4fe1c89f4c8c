#include "reports/render_terminal.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "harness/analysis/timeline.h"
#include "harness/base/text.h"
#include "reports/change_tree.h"
#include "reports/overview.h"
#include "reports/terminal_screen.h"
#include "reports/timeline_view.h"

namespace skillaudit {
namespace {

using namespace terminal;

constexpr std::size_t kMostHosts = 8;
constexpr std::size_t kMostFiles = 14;

void put_network(Screen& screen, const Evidence& evidence) {
  std::vector<HostTraffic> hosts = host_traffic(evidence);
  const auto& contacts = evidence.wire.contacts;
  if (hosts.empty() && contacts.empty()) {
    screen.heading("NETWORK", "no host was contacted");
    return;
  }
  screen.heading("NETWORK", count_of(hosts.size(), "host"));
  std::stable_sort(hosts.begin(), hosts.end(), [](const HostTraffic& a, const HostTraffic& b) {
    return (a.blocked > 0) > (b.blocked > 0);
  });
  for (std::size_t i = 0; i < hosts.size() && i < kMostHosts; ++i) {
    const HostTraffic& host = hosts[i];
    const std::string state = host.blocked > 0    ? screen.ink(Ink::Red, "blocked  ")
                              : host.answered > 0 ? screen.ink(Ink::Yellow, "answered ")
                                                  : screen.ink(Ink::Green, "allowed  ");
    screen.hang("  " + state, 11,
                fmt::format("{} ({} allowed, {} blocked{}, {} sent, {} received{})",
                            shorten(printable(host.origin.substr(0, 400)), 200), host.allowed,
                            host.blocked, answered_text(host), human_bytes(host.sent),
                            human_bytes(host.received), host.packages ? ", package managers" : ""));
  }
  if (hosts.size() > kMostHosts)
    screen.line(fmt::format("  and {} more", hosts.size() - kMostHosts));
  for (std::size_t i = 0; i < contacts.size() && i < kMostHosts; ++i)
    screen.hang("  " + screen.ink(Ink::Red, "refused  "), 11,
                fmt::format("{} {}{}, bypassing the proxy, {}", printable(contacts[i].protocol),
                            shorten(printable(contacts[i].who().substr(0, 200)), 120),
                            contacts[i].port == 0 ? "" : fmt::format(" port {}", contacts[i].port),
                            human_bytes(contacts[i].bytes)));
  if (contacts.size() > kMostHosts)
    screen.line(fmt::format("  and {} more", contacts.size() - kMostHosts));
}

/// A folder's name and what lies in it, cut so that it fits behind `margin`.
void put_folder_line(Screen& screen, const std::string& margin, const FolderNode& folder) {
  static constexpr std::array<std::string_view, 3> kSigns = {"+", "~", "−"};
  static constexpr std::array kInks = {Ink::Green, Ink::Yellow, Ink::Red};
  const std::string size = " " + human_bytes(folder.totals.bytes);
  std::string counts;
  std::size_t taken = columns_of(margin) + size.size();
  for (std::size_t kind = 0; kind < 3; ++kind) {
    if (folder.totals.files[kind] == 0) continue;
    const std::string count = fmt::format("{}{}", kSigns[kind], folder.totals.files[kind]);
    counts += " " + screen.ink(kInks[kind], count);
    taken += 1 + columns_of(count);
  }
  const std::size_t room = screen.columns() > taken + 2 ? screen.columns() - taken : 2;
  screen.line(margin + fit(printable(folder.name.substr(0, 300)), room) + counts + size);
}

void put_folder(Screen& screen, const FolderNode& folder, const std::string& margin) {
  static constexpr std::array<std::string_view, 3> kSigns = {"+ ", "~ ", "− "};
  static constexpr std::array kInks = {Ink::Green, Ink::Yellow, Ink::Red};
  const std::size_t indent = columns_of(margin);
  if (indent > screen.columns() / 4) {
    screen.line(margin + fmt::format("└─ {} below", folder.totals.all()));
    return;
  }
  std::size_t left = folder.folders.size() + folder.files.size() + (folder.unlisted > 0 ? 1 : 0);
  const auto branch = [&] { return margin + (--left == 0 ? "└─ " : "├─ "); };
  for (const FolderNode& each : folder.folders) {
    put_folder_line(screen, branch(), each);
    put_folder(screen, each, margin + (left == 0 ? "   " : "│  "));
  }
  for (const FolderNode::Leaf& leaf : folder.files) {
    const auto kind = static_cast<std::size_t>(leaf.change->kind);
    screen.line(branch() + screen.ink(kInks[kind], kSigns[kind]) +
                fit(printable(leaf.name.substr(0, 300)), screen.columns() - indent - 5));
  }
  if (folder.unlisted > 0) screen.line(branch() + fmt::format("and {} more", folder.unlisted));
}

void put_changes(Screen& screen, const Assessment& assessment) {
  const FolderNode root = change_tree_of(assessment, kMostFiles);
  if (root.totals.all() == 0) {
    screen.heading("FILES", "nothing changed");
    return;
  }
  screen.heading("FILES", fmt::format("+{} added, ~{} modified, −{} deleted, {}",
                                      root.totals.files[0], root.totals.files[1],
                                      root.totals.files[2], human_bytes(root.totals.bytes)));
  for (const FolderNode& each : root.folders) {
    put_folder_line(screen, "  ", each);
    put_folder(screen, each, "  ");
  }
}

void put_timeline(Screen& screen, const Evidence& evidence, const Assessment& assessment) {
  const Timeline timeline = make_timeline(evidence, assessment.changes);
  if (timeline.entries.empty()) return;
  const TimelineSpan span = span_of(evidence, timeline);
  const std::size_t columns = screen.columns() - 12;
  screen.heading("TIMELINE", fmt::format("0 to {:.1f} s; ! = cited by a finding", span.to / 1.05));
  const DrawnLanes lanes = draw_lanes(timeline, cited_entries(timeline, assessment), span, columns);
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    if (lanes[lane].empty()) continue;
    std::string strip;
    for (std::size_t column = 0; column < columns; ++column) {
      const auto found = lanes[lane].find(column);
      if (found == lanes[lane].end()) {
        strip += ' ';
      } else if (found->second.cited) {
        strip += screen.ink(Ink::Red, "!");
      } else {
        // U+2581 to U+2588, a step for each doubling.
        const double doublings = std::log2(static_cast<double>(found->second.count));
        strip += "\xe2\x96";
        strip += static_cast<char>(0x82 + std::min(6, static_cast<int>(doublings)));
      }
    }
    strip.erase(strip.find_last_not_of(' ') + 1);
    screen.line(fmt::format("  {:<9} {}", name_of(static_cast<Lane>(lane)), strip));
  }
}

}  // namespace

std::string render_terminal(const Evidence& evidence, const Assessment& assessment,
                            const TerminalStyle& style) {
  Screen screen(style);
  put_verdict(screen, evidence, assessment);
  put_asks(screen, assessment);
  put_not_exercised(screen, evidence, assessment, style.program);
  put_findings(screen, assessment);
  put_next(screen, assessment);
  put_network(screen, evidence);
  put_changes(screen, assessment);
  put_timeline(screen, evidence, assessment);
  put_scores(screen, assessment);
  if (!style.page.empty()) {
    screen.line();
    screen.line("Report: " + printable(style.page));
  }
  return screen.take();
}

}  // namespace skillaudit
