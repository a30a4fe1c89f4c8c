#include "harness/audit/work_documents.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "harness/base/ascii.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/guest/archive.h"
#include "harness/sensors/secret_formats.h"
#include "harness/sensors/user_project.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;

/// The ending of a name, and what a document of that kind is made from: a file or a folder of
/// fixtures/documents.
struct DocumentKind {
  std::string_view ending;
  std::string_view source;
};
constexpr auto kDocuments = std::to_array<DocumentKind>({{"txt", "text.txt"},
                                                         {"md", "text.md"},
                                                         {"markdown", "text.md"},
                                                         {"csv", "table.csv"},
                                                         {"json", "data.json"},
                                                         {"html", "page.html"},
                                                         {"htm", "page.html"},
                                                         {"xml", "data.xml"},
                                                         {"svg", "drawing.svg"},
                                                         {"png", "image.png"},
                                                         {"jpg", "photo.jpg"},
                                                         {"jpeg", "photo.jpg"},
                                                         {"docx", "docx"},
                                                         {"xlsx", "xlsx"},
                                                         {"pptx", "pptx"},
                                                         {"pdf", "text.txt"}});

constexpr std::size_t kLargest = 1U << 20;
constexpr std::string_view kReference = "{{reference}}";

const DocumentKind* kind_of(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || name[dot - 1] == '/') return nullptr;
  const std::string ending = ascii_lower(name.substr(dot + 1));
  const auto* found = std::find_if(kDocuments.begin(), kDocuments.end(),
                                   [&](const DocumentKind& kind) { return kind.ending == ending; });
  return found == kDocuments.end() ? nullptr : found;
}

std::string with_reference(std::string text, const std::string& reference) {
  if (const std::size_t at = text.find(kReference); at != std::string::npos)
    text.replace(at, kReference.size(), reference);
  return text;
}

/// A PDF of two pages (ISO 32000-1, 7.5), each with the lines of `text`, which hold no brackets.
std::string make_pdf(std::string_view text) {
  std::string page = "BT /F1 12 Tf 72 720 Td 16 TL\n";
  for (const std::string_view line : split(text, '\n')) page += fmt::format("({}) Tj T*\n", line);
  page += "ET\n";
  const std::string sheet =
      "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 6 0 R "
      "/Resources << /Font << /F1 5 0 R >> >> >>";
  const std::vector<std::string> objects = {
      "<< /Type /Catalog /Pages 2 0 R >>",
      "<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>",
      sheet,
      sheet,
      "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
      fmt::format("<< /Length {} >>\nstream\n{}endstream", page.size(), page)};
  std::string pdf = "%PDF-1.4\n";
  std::string places = "0000000000 65535 f \n";
  for (std::size_t i = 0; i < objects.size(); ++i) {
    places += fmt::format("{:010} 00000 n \n", pdf.size());
    pdf += fmt::format("{} 0 obj\n{}\nendobj\n", i + 1, objects[i]);
  }
  const std::size_t table = pdf.size();
  return pdf + fmt::format(
                   "xref\n0 {0}\n{1}trailer\n<< /Size {0} /Root 1 0 R >>\nstartxref\n{2}\n%%EOF\n",
                   objects.size() + 1, places, table);
}

}  // namespace

bool can_make_document(std::string_view name) { return kind_of(name) != nullptr; }

std::string make_document(std::string_view name, const std::string& reference) {
  const DocumentKind* kind = kind_of(name);
  if (kind == nullptr)
    fail(ErrorKind::Internal, "no document of the kind of {} can be made", printable(name));
  const fs::path source = resource("fixtures/documents") / kind->source;
  if (kind->ending == "pdf")
    return make_pdf(with_reference(read_file(source, kLargest), reference));
  if (!fs::is_directory(source)) return with_reference(read_file(source, kLargest), reference);
  std::vector<ArchiveEntry> parts = archive_folder(source, "x");
  for (ArchiveEntry& part : parts) {
    part.path.erase(0, 2);
    part.mode = 0644;
    part.content = with_reference(std::move(part.content), reference);
  }
  return make_zip(parts);
}

void add_documents(FurnishedHome& home, const std::vector<std::string>& paths,
                   const std::string& home_path, const Entropy& entropy) {
  for (const std::string& name : paths) {
    const bool elsewhere = name.starts_with('/');
    const std::string path = elsewhere ? name : std::string(kUserProject) + "/" + name;
    if (std::any_of(home.files.begin(), home.files.end(),
                    [&](const HomeFile& file) { return file.path == path; }))
      continue;
    // What a user puts into /tmp for a command is meant for that command.
    const std::string canary = elsewhere ? "none" : draw_canary(entropy);
    home.files.push_back({.path = path, .mode = 0644, .content = make_document(path, canary)});
    if (!elsewhere && home.files.back().content.find(canary) != std::string::npos)
      home.canaries.push_back({path, home_path + "/" + path, canary});
  }
  std::sort(home.canaries.begin(), home.canaries.end(),
            [](const Decoy& a, const Decoy& b) { return a.name < b.name; });
}

}  // namespace skillaudit
