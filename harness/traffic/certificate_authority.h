#pragma once

#include <filesystem>

namespace skillaudit {

/// The CA whose certificates the proxy shows to guests, as a folder that mitmproxy uses as
/// its confdir. Made once, valid for ten years, and made again when it is unreadable or has less
/// than 30 days left. Safe to call from several processes at once: the first one makes it.
///
/// Returns the PEM certificate that a guest has to trust (no key in it). All files have mode 0600,
/// the folder 0700: the key's owner can read the guest's TLS. Throws Error{Environment}.
std::filesystem::path ensure_certificate_authority(const std::filesystem::path& dir);

}  // namespace skillaudit
