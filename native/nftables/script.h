#pragma once

#include <nftables/libnftables.h>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

namespace nodeplane::nftables {

/** nft refused a script; the message is nft's own. */
class ScriptError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/**
 * Runs text in nft's language with libnftables, in the network namespace of the thread that makes the runner.
 * libnftables keeps global state: all runners of the process take turns.
 */
class ScriptRunner {
 public:
  ScriptRunner();

  /** The port id of the socket that libnftables opened for itself. */
  uint32_t port() const { return port_; }

  /** Returns what nft prints. A script is one transaction; if it fails, nothing of it was done. */
  std::string run(const std::string& script);

 private:
  struct Free {
    void operator()(nft_ctx* context) const;
  };

  void open();
  void forgetCache();

  std::unique_ptr<nft_ctx, Free> context_;
  uint32_t port_ = 0;
};

}  // namespace nodeplane::nftables
