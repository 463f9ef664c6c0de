#pragma once

#include <napi.h>

#include <memory>
#include <vector>

#include "binding/options.h"
#include "binding/worker_thread.h"
#include "nftables/script.h"
#include "nftables/transaction.h"

namespace nodeplane::binding {

/**
 * The thread of one table, in the table's network namespace, and the sockets that were opened there. Two
 * sockets, so that the answers to the JavaScript thread and to this one never mix. Used on the JavaScript
 * thread.
 */
class TableThread {
 public:
  /** What the work of the thread is done with. */
  struct Tools {
    nftables::Transaction transaction;
    nftables::ScriptRunner scripts;
    std::function<bool()> closing;
  };
  using Worker = WorkerThread<Tools>;
  using Result = Worker::Result;
  using Work = Worker::Work;

  /** Starts the thread and waits until its sockets are open: about a millisecond, most of it libnftables'. */
  TableThread(Napi::Env env, const TableOptions& options);

  /** For the JavaScript thread: a socket may be used by any thread, and stays in its namespace. */
  nftables::Transaction& foreground() { return *opened_->foreground; }
  /** The netlink port ids of all the table's sockets. */
  const std::vector<uint32_t>& ports() const { return opened_->ports; }
  Worker& worker() { return worker_; }

 private:
  /** What the thread opens for the JavaScript thread. */
  struct Opened {
    std::unique_ptr<nftables::Transaction> foreground;
    std::vector<uint32_t> ports;

    std::unique_ptr<Tools> open(const TableOptions& options, Worker::Closing closing);
  };

  std::shared_ptr<Opened> opened_ = std::make_shared<Opened>();
  Worker worker_;
};

}  // namespace nodeplane::binding
