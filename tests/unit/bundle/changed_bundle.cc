#include "tests/unit/bundle/changed_bundle.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/file.h"
#include "harness/bundle/layout.h"
#include "harness/bundle/write.h"
#include "harness/snapshot/capture_tables.h"

namespace skillaudit::testing {
namespace {

constexpr std::size_t kBatch = 40;
constexpr std::size_t kAddedOfBatch = 24;
constexpr std::size_t kModifiedOfBatch = 8;
constexpr std::array<std::string_view, 8> kPlaces = {"/home/ubuntu/projects/simulation",
                                                     "/home/ubuntu/measurements",
                                                     "/tmp/simulation",
                                                     "/var/lib/simulation",
                                                     "/usr/local/lib/simulation",
                                                     "/home/ubuntu/.config/simulation",
                                                     "/home/ubuntu/.cache/simulation",
                                                     "/opt/simulation"};

/// The tables of both snapshots and the digests, as the guest sends them.
class Tables {
 public:
  explicit Tables(std::size_t changes) {
    before_.reserve(changes * 80);
    after_.reserve(changes * 130);
    hashed_.reserve(changes);
  }

  void unchanged(char type, const std::string& path) {
    append(before_, type, path, 1'700'000'000);
    append(after_, type, path, 1'700'000'000);
    ++counts_.unchanged;
  }
  void added(char type, const std::string& path) {
    append(after_, type, path, 1'800'000'000);
    if (type == 'f') hashed_.push_back(path);
    ++counts_.added;
  }
  void modified(const std::string& path) {
    append(before_, 'f', path, 1'700'000'000);
    append(after_, 'f', path, 1'800'000'000);
    hashed_.push_back(path);
    ++counts_.modified;
  }
  void deleted(char type, const std::string& path) {
    append(before_, type, path, 1'700'000'000);
    ++counts_.deleted;
  }

  [[nodiscard]] const ChangedBundle& counts() const { return counts_; }
  [[nodiscard]] RawEvidence raw() && {
    RawEvidence raw;
    for (const std::string_view table : capture_tables()) {
      // A table of processes names who asked, one of sockets has five parts; the others may be
      // empty.
      const std::string_view empty = table == "processes" ? std::string_view("900 901\0", 8)
                                     : table == "sockets" ? std::string_view(
                                                                "tcp\0000\0tcp6\0000\0udp\0000\0"
                                                                "udp6\0000\0unix\0000\0",
                                                                33)
                                                          : std::string_view();
      raw.before.tables.emplace(table, empty);
      raw.after.tables.emplace(table, empty);
    }
    raw.before.tables["files"] = std::move(before_);
    raw.after.tables["files"] = std::move(after_);
    raw.digests = std::move(*this).digests();
    return raw;
  }

 private:
  static void append(std::string& table, char type, const std::string& path, std::int64_t time) {
    fmt::format_to(std::back_inserter(table), "{} {} 1000 1000 {} {}.{:09}0 {}.{:09}0 {}", type,
                   type == 'd' ? "755" : "644", type == 'd' ? 4096 : 100 + path.size() * 37, time,
                   path.size() * 1'234'567, time, path.size() * 1'234'568, path);
    table.append("\0\0", 2);
  }
  /// In the order in which the audit asks for them.
  [[nodiscard]] std::string digests() && {
    std::string rows;
    rows.reserve(hashed_.size() * 130);
    std::sort(hashed_.begin(), hashed_.end());
    std::mt19937_64 random(7);
    for (const std::string& path : hashed_) {
      rows.append(path).push_back('\0');
      for (int i = 0; i < 4; ++i) fmt::format_to(std::back_inserter(rows), "{:016x}", random());
      rows.push_back('\0');
    }
    return rows;
  }

  std::string before_;
  std::string after_;
  std::vector<std::string> hashed_;
  ChangedBundle counts_;
};

std::vector<std::size_t> shuffled(std::size_t count, std::mt19937_64& random) {
  std::vector<std::size_t> order(count);
  for (std::size_t i = 0; i < count; ++i) order[i] = i;
  for (std::size_t i = count; i > 1; --i) std::swap(order[i - 1], order[random() % i]);
  return order;
}

/// The first `size` entries of a batch below `folder`. Even batches bring a folder of their own.
void put_batch(Tables& tables, const std::string& folder, std::size_t number, std::size_t size,
               std::mt19937_64& random) {
  const bool own_folder = number % 2 == 0;
  tables.unchanged('d', folder);
  if (own_folder) tables.added('d', folder + "/results");
  for (const std::size_t i : shuffled(std::min(size, kAddedOfBatch), random)) {
    if (!own_folder) {
      tables.added('f', fmt::format("{}/{:016x}", folder, random()));
    } else if (i > 0) {
      tables.added('f', fmt::format("{}/results/result-{:06}.json", folder, number * kBatch + i));
    }
  }
  if (size <= kAddedOfBatch) return;
  size -= kAddedOfBatch;
  tables.unchanged('d', folder + "/modules");
  for (const std::size_t i : shuffled(std::min(size, kModifiedOfBatch), random))
    tables.modified(fmt::format("{}/modules/module_{}.py", folder, i));
  if (size <= kModifiedOfBatch) return;
  size -= kModifiedOfBatch;
  tables.deleted('d', folder + "/former");
  for (const std::size_t i : shuffled(size - 1, random))
    tables.deleted('f', fmt::format("{}/former/notes-of-day-{}.txt", folder, i));
}

void put_system(Tables& tables, std::mt19937_64& random) {
  for (const char* folder : {"/", "/home", "/home/ubuntu", "/home/ubuntu/projects", "/usr",
                             "/usr/share", "/usr/share/doc", "/var", "/var/lib", "/tmp", "/opt"})
    tables.unchanged('d', folder);
  for (const std::size_t package : shuffled(1000, random)) {
    const std::string folder = fmt::format("/usr/share/doc/package-{:04}", package);
    tables.unchanged('d', folder);
    for (const std::size_t file : shuffled(19, random))
      tables.unchanged('f', fmt::format("{}/chapter-{}.txt.gz", folder, file));
  }
}

Evidence evidence_of_run() {
  Evidence evidence;
  evidence.skill.name = "simulation";
  evidence.skill.texts = {{"SKILL.md",
                           "---\nname: simulation\ndescription: x\n---\nWrites `/opt/simulation`, "
                           "`~/measurements/*/*/run-*/results` and `/tmp/simulation/<day>`.\n",
                           true, false}};
  evidence.environment.os = "Debian GNU/Linux 12 (bookworm)";
  evidence.environment.kernel = "6.1.0";
  evidence.environment.guest_user = "ubuntu";
  evidence.environment.guest_home = "/home/ubuntu";
  evidence.environment.skill_dir = "/home/ubuntu/.claude/skills/simulation";
  evidence.environment.network = "mirrors";
  evidence.environment.files_seen_from = "guest";
  Step step;
  step.name = "simulates";
  step.command = "bash scripts/run.sh";
  step.ran = true;
  step.exit_code = 0;
  evidence.execution = {"command", {step}, ""};
  evidence.control = {"/var/log/journal", "/var/lib/systemd/timesync/clock"};
  return evidence;
}

/// The audit's own request, which proves that the proxy would have seen the skill's.
std::string probe_flow(int id, std::string_view status) {
  return fmt::format(
      R"({{"id": {}, "time": 1795319431.5, "kind": "http", "method": "GET", "scheme": "http", )"
      R"("host": "0.invalid", "host_header": "", "sni": "", "port": 80, "path": "/", "query": "", )"
      R"("status": {}, "allowed": false, "rule": "blocked: no rule allows it", "group": "", )"
      R"("request_headers": [], "user_agent": "", "request_size": 0, "response_size": 0, )"
      R"("request_sha256": "", "response_sha256": "", "request_body": "", "request_head": "", )"
      R"("error": ""}})"
      "\n",
      id, status);
}

}  // namespace

ChangedBundle write_changed_bundle(std::size_t changes, const std::filesystem::path& bundle) {
  std::mt19937_64 random(1);
  Tables tables(changes);
  put_system(tables, random);
  const std::size_t batches = (changes + kBatch - 1) / kBatch;
  for (const std::size_t at : shuffled(kPlaces.size(), random)) {
    const std::string place(kPlaces[at]);
    tables.unchanged('d', place);
    if (at == 0) tables.unchanged('f', place + "/package.json");
    const std::size_t own = (batches + kPlaces.size() - 1 - at) / kPlaces.size();
    for (const std::size_t outer : shuffled((own + 255) / 256, random)) {
      const std::string folder = fmt::format("{}/series-{}", place, outer);
      tables.unchanged('d', folder);
      for (const std::size_t inner :
           shuffled(std::min<std::size_t>(own - outer * 256, 256), random)) {
        const std::size_t number = (outer * 256 + inner) * kPlaces.size() + at;
        put_batch(tables, fmt::format("{}/run-{}", folder, number), number / kPlaces.size(),
                  std::min(changes - number * kBatch, kBatch), random);
      }
    }
  }
  const ChangedBundle counts = tables.counts();
  RawEvidence raw = std::move(tables).raw();
  raw.proxy_probe = "0.invalid";
  std::filesystem::create_directories(bundle);
  // The head of a capture (pcap-savefile(5)) in which nothing was captured.
  write_file(path_in(bundle, BundleFile::Network),
             std::string("\xd4\xc3\xb2\xa1\x02\0\x04\0\0\0\0\0\0\0\0\0\0\0\x01\0\x01\0\0\0", 24));
  // It broke off while the proxy was starting, and was made once more.
  write_file(path_in(bundle, BundleFile::Flows), probe_flow(1, "null") + probe_flow(2, "403"));
  write_evidence(evidence_of_run(), raw, bundle);
  return counts;
}

}  // namespace skillaudit::testing
