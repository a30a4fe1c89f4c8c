#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace skillaudit {

/// What a guest can write into frames that carry no payload: behind an ARP message and into its
/// addresses, into the targets and options of neighbour discovery; and what it spreads over many
/// echo requests. Each frame holds a few bytes, so they are joined in their order, and searched as
/// one text. Messages are raw bytes of any length.
class LinkText {
 public:
  /// From the hardware type on (RFC 826). `known`: it asks for an address of the network's own.
  /// True when there is something behind the message.
  bool arp(std::string_view message, bool known);
  /// From the type of ICMPv6 on (RFC 4861).
  void discovery(std::string_view message);
  /// What an echo request carries behind its eight bytes.
  void echo(std::string_view data);

  /// The joined texts, a line each; those that are empty are left out.
  [[nodiscard]] std::string take() const;

 private:
  /// One that was just added came again because nobody answered.
  static void add(std::string& text, std::string_view piece);

  std::string behind_;     ///< ARP messages
  std::string targets_;    ///< addresses that ARP asked for
  std::string hardware_;   ///< the hardware addresses in ARP requests, which nobody knows yet
  std::string discovery_;  ///< targets of neighbour discovery
  std::string options_;    ///< its options
  std::string echo_;
  std::string patterns_;  ///< of each echo what it repeats, as ping(8) fills it
};

}  // namespace skillaudit
