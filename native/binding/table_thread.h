#pragma once

#include <napi.h>

#include <functional>
#include <memory>
#include <vector>

#include "binding/js_thread.h"
#include "binding/options.h"
#include "binding/task_queue.h"
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
    /** Whether close() was called: what takes long and changes nothing may then give up. */
    std::function<bool()> closing;
  };
  /** Turns the outcome of some work into a JavaScript value. */
  using Result = std::function<Napi::Value(Napi::Env)>;
  using Work = std::function<Result(Tools&)>;

  /** Starts the thread and waits until its sockets are open: about a millisecond, most of it libnftables'. */
  TableThread(Napi::Env env, const TableOptions& options);
  ~TableThread() { close(); }

  TableThread(const TableThread&) = delete;
  TableThread& operator=(const TableThread&) = delete;

  /** For the JavaScript thread: a socket may be used by any thread, and stays in its namespace. */
  nftables::Transaction& foreground() { return *shared_->foreground; }
  /** The netlink port ids of all the table's sockets. */
  const std::vector<uint32_t>& ports() const { return shared_->ports; }

  /**
   * Queues work, and settles the promise with what comes of it. Work that close() finds waiting is rejected.
   */
  void run(Work work, Napi::Promise::Deferred promise, std::function<void()> settled);

  void keepAlive(bool keep) { thread_->keepAlive(keep); }
  /** Returns at once; a commit or script that is being done is finished, a read given up. */
  void close() { thread_->stop(); }

 private:
  /** Owned by the thread too, which may outlive this object. */
  struct Shared {
    TaskQueue tasks;
    std::unique_ptr<nftables::Transaction> foreground;
    std::unique_ptr<Tools> tools;
    std::vector<uint32_t> ports;

    void open(const TableOptions& options);
    void loop();
    JsThread::Delivery attempt(const Work& work, Napi::Promise::Deferred promise);
  };

  std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
  std::shared_ptr<JsThread> thread_;
};

}  // namespace nodeplane::binding
