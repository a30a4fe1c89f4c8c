#include "harness/skill/opaque.h"

#include <algorithm>
#include <array>

namespace skillaudit {
namespace {

using namespace std::string_view_literals;

// Not libmagic (5.44): it needs a database of 8 MB at run time, takes 2,000 times as long (0.17 ms
// for a file, where a skill may have 20,000), and misses what is cut, rare or has no checksum: of
// the heads in opaque_test.cc it does not name the ELF program, the tar and ZIP archives, the
// pickle, the SquashFS image, nor Lua, Android and LLVM bytecode.

struct Magic {
  std::size_t offset;
  std::string_view bytes;
  std::string_view kind;
};

constexpr auto kMagics =
    std::to_array<Magic>({{0,
                           "\x7f"
                           "ELF"sv,
                           "ELF program"},
                          {0, "\xfe\xed\xfa\xce"sv, "Mach-O program"},
                          {0, "\xfe\xed\xfa\xcf"sv, "Mach-O program"},
                          {0, "\xce\xfa\xed\xfe"sv, "Mach-O program"},
                          {0, "\xcf\xfa\xed\xfe"sv, "Mach-O program"},
                          {0, "\0asm"sv, "WebAssembly module"},
                          {0, "\x1bLua"sv, "Lua bytecode"},
                          {0, "dex\n0"sv, "Android bytecode"},
                          {0, "BC\xc0\xde"sv, "LLVM bitcode"},
                          {0, "\x80\x04\x95"sv, "Python pickle, which can run code"},
                          {0, "\x80\x05\x95"sv, "Python pickle, which can run code"},
                          {0, "PK\x05\x06"sv, "ZIP archive"},
                          {0, "\x1f\x8b\x08"sv, "gzip archive"},
                          {0,
                           "\xfd"
                           "7zXZ\0"sv,
                           "xz archive"},
                          {0, "\x28\xb5\x2f\xfd"sv, "Zstandard archive"},
                          {0, "\x04\x22\x4d\x18"sv, "LZ4 archive"},
                          {0, "7z\xbc\xaf\x27\x1c"sv, "7-Zip archive"},
                          {0, "Rar!\x1a\x07"sv, "RAR archive"},
                          {0, "MSCF\0\0\0\0"sv, "cabinet archive"},
                          {0, "!<arch>\n"sv, "ar archive or Debian package"},
                          {0, "\xed\xab\xee\xdb"sv, "RPM package"},
                          {0, "hsqs"sv, "SquashFS image"},
                          {4, "1AY&SY"sv, "bzip2 archive"},
                          {257, "ustar"sv, "tar archive"}});

unsigned char byte(std::string_view head, std::size_t i) {
  return i < head.size() ? static_cast<unsigned char>(head[i]) : 0;
}

/// MZ is two letters; that the place of the newer header follows within reach is what a text lacks.
bool is_windows_program(std::string_view head) {
  return head.starts_with("MZ") && head.size() >= 64 && byte(head, 62) == 0 && byte(head, 63) == 0;
}

/// A version of the interpreter, "\r\n", and flags of which two bits are used (PEP 552); the times
/// of Python 2 have no flags.
bool is_python_bytecode(std::string_view head) {
  if (head.size() < 16 || byte(head, 2) != '\r' || byte(head, 3) != '\n') return false;
  const bool version_3 = byte(head, 1) >= 0x0b && byte(head, 1) <= 0x0f;
  return (version_3 && byte(head, 4) <= 3 && byte(head, 5) == 0 && byte(head, 6) == 0 &&
          byte(head, 7) == 0) ||
         (byte(head, 0) == 0x03 && byte(head, 1) == 0xf3);
}

/// Java's classes and the programs for several machines of macOS begin alike; a class says its
/// version where the latter say how many machines.
std::string_view kind_of_cafebabe(std::string_view head) {
  constexpr unsigned kFirstJava = 45;
  return (byte(head, 6) * 256U) + byte(head, 7) >= kFirstJava ? "Java class" : "Mach-O program";
}

/// Office programs and e-books put what tells them apart into the first entry, whose name starts at
/// byte 30 (ISO/IEC 21320-1; OpenDocument 1.3, 3.3; ECMA-376, 2).
std::string_view kind_of_zip(std::string_view head) {
  static constexpr auto kDocuments =
      std::to_array<std::string_view>({"[Content_Types].xml", "_rels/.rels", "mimetype"});
  const std::string_view name = head.substr(std::min<std::size_t>(head.size(), 30));
  const bool document = std::any_of(kDocuments.begin(), kDocuments.end(),
                                    [&](std::string_view each) { return name.starts_with(each); });
  return document ? "" : "ZIP archive";
}

}  // namespace

std::string_view opaque_kind(std::string_view head) {
  if (head.starts_with("\xca\xfe\xba\xbe")) return kind_of_cafebabe(head);
  if (head.starts_with("PK\x03\x04")) return kind_of_zip(head);
  if (is_windows_program(head)) return "Windows program";
  if (is_python_bytecode(head)) return "Python bytecode";
  for (const Magic& magic : kMagics)
    if (head.size() >= magic.offset && head.substr(magic.offset).starts_with(magic.bytes))
      return magic.kind;
  return "";
}

}  // namespace skillaudit
