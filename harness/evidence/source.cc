#include "harness/evidence/source.h"

#include "harness/base/text.h"

namespace skillaudit {
namespace {

/// One file for each flow, as there is one line for each flow: no more than an entry.
bool is_of_flow(BundleFile file) {
  return file == BundleFile::RequestBody || file == BundleFile::RequestHead ||
         file == BundleFile::ResponseBody;
}

Source of(BundleFile file, std::string id = {}) { return {.file = file, .id = std::move(id)}; }

}  // namespace

std::string text_of(const Source& source) {
  std::string text;
  if (!source.world.empty())
    text.append(kWorldsFolder).append("/").append(source.world).append("/");
  text += name_of(source.file, source.id);
  if (!takes_id(source.file) && !source.id.empty()) text.append("#").append(source.id);
  if (source.line > 0) text += ":" + std::to_string(source.line);
  return text;
}

Source file_of(const Source& source) {
  Source file{.world = source.world, .file = source.file};
  if (takes_id(source.file) && !is_of_flow(source.file)) file.id = source.id;
  return file;
}

bool is_entry(const Source& source) { return file_of(source) != source; }

namespace source {

Source table(Moment moment, Table table) {
  switch (moment) {
    case Moment::Before:
      return before(table);
    case Moment::After:
      return after(table);
    case Moment::Boot:
      return boot(table);
  }
  return after(table);
}
Source before(Table table) { return of(BundleFile::Before, std::string(name_of(table))); }
Source after(Table table) { return of(BundleFile::After, std::string(name_of(table))); }
Source boot(Table table) { return of(BundleFile::Boot, std::string(name_of(table))); }

Source flows() { return of(BundleFile::Flows); }
Source flow(std::int64_t id) { return of(BundleFile::Flows, std::to_string(id)); }
Source request_body(std::int64_t flow) { return of(BundleFile::RequestBody, std::to_string(flow)); }
Source request_head(std::int64_t flow) { return of(BundleFile::RequestHead, std::to_string(flow)); }
Source response_body(std::int64_t flow) {
  return of(BundleFile::ResponseBody, std::to_string(flow));
}
Source network() { return of(BundleFile::Network); }

Source trace() { return of(BundleFile::Trace); }
Source trace(std::uint64_t serial) { return of(BundleFile::Trace, std::to_string(serial)); }
Source console(int line) { return of(BundleFile::Console, std::to_string(line)); }
Source machine() { return of(BundleFile::Machine); }
Source guest_view() { return of(BundleFile::GuestView); }
Source audit() { return of(BundleFile::Audit); }

Source skill_file(std::string_view path, int line) {
  Source source = of(BundleFile::Skill, printable(path));
  source.line = line;
  return source;
}
Source skill_notes() { return of(BundleFile::Skill, "notes"); }
Source step(std::string_view raw_name) { return of(BundleFile::Execution, printable(raw_name)); }

}  // namespace source

}  // namespace skillaudit
