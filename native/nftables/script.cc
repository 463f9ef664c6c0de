#include "nftables/script.h"

#include <fcntl.h>

#include <algorithm>
#include <mutex>
#include <new>
#include <vector>

#include "netlink/open_sockets.h"
#include "netlink/socket.h"

namespace nodeplane::nftables {
namespace {

std::mutex& libraryMutex() {
  static std::mutex mutex;
  return mutex;
}

bool contains(const std::vector<netlink::OpenSocket>& sockets, const netlink::OpenSocket& socket) {
  return std::find(sockets.begin(), sockets.end(), socket) != sockets.end();
}

std::string withoutTrailingNewline(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace

void ScriptRunner::Free::operator()(nft_ctx* context) const {
  const std::lock_guard lock(libraryMutex());
  nft_ctx_free(context);
}

ScriptRunner::ScriptRunner() {
  open();
  // Kept in memory instead of printed.
  nft_ctx_buffer_output(context_.get());
  nft_ctx_buffer_error(context_.get());
}

/** libnftables does not show its socket: it is the one that was not there before. */
void ScriptRunner::open() {
  const std::scoped_lock lock(libraryMutex(), netlink::openingMutex());
  const auto before = netlink::openSockets();
  context_.reset(nft_ctx_new(NFT_CTX_DEFAULT));
  if (!context_) throw std::bad_alloc();
  for (const auto& socket : netlink::openSockets()) {
    if (contains(before, socket)) continue;
    // libnftables 1.0.6 would get its port id with its first request, and leave the socket to child
    // processes.
    port_ = netlink::bindToPort(socket.descriptor);
    ::fcntl(socket.descriptor, F_SETFD, FD_CLOEXEC);
  }
}

std::string ScriptRunner::run(const std::string& script) {
  const std::lock_guard lock(libraryMutex());
  const int status = nft_run_cmd_from_buffer(context_.get(), script.c_str());
  std::string output = nft_ctx_get_output_buffer(context_.get());
  const std::string error = nft_ctx_get_error_buffer(context_.get());
  forgetCache();
  if (status != 0) throw ScriptError("nftables: cannot run the script: " + withoutTrailingNewline(error));
  return output;
}

/**
 * libnftables keeps what it has read of the ruleset, elements too, until a command fails or is only checked.
 */
void ScriptRunner::forgetCache() {
  nft_ctx_set_dry_run(context_.get(), true);
  nft_run_cmd_from_buffer(context_.get(), "\n");
  nft_ctx_set_dry_run(context_.get(), false);
}

}  // namespace nodeplane::nftables
