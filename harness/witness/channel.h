#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace witness {

/// A stream of bytes to and from the host: the serial port, or standard input and output.
class Channel {
 public:
  /// End of `in` means that the other end is closed: with `patient` it waits, else End
  /// is thrown.
  Channel(int in, int out, bool patient) : in_(in), out_(out), patient_(patient) {}
  struct End {};
  /// Called whenever a signal ended a wait.
  void on_signal(std::function<void()> handler) { on_signal_ = std::move(handler); }

  /// Up to a line feed, which is left out.
  std::string read_line();
  std::string read(std::size_t size);
  void write(std::string_view bytes);

 private:
  void fill();
  int in_, out_;
  bool patient_;
  std::string buffer_;
  std::function<void()> on_signal_;
};

/// Writes frames as harness/snapshot/capture.h describes them.
class Stream {
 public:
  explicit Stream(Channel& channel);
  void table(std::string_view name, std::string_view bytes);
  void failure(std::string_view name, std::string message);
  /// The table that `make` gives, or that it failed.
  template <typename Make>
  void add(std::string_view name, const Make& make);
  void end();

 private:
  void frame(std::string_view name, int code, std::string_view bytes, std::string_view message);
  Channel& channel_;
  int count_ = 0;
};

}  // namespace witness

#include "harness/witness/io.h"

template <typename Make>
void witness::Stream::add(std::string_view name, const Make& make) {
  try {
    table(name, make());
  } catch (const Failure& failed) {
    failure(name, failed.message);
  }
}
