#pragma once

#include <napi.h>

#include <functional>
#include <memory>

#include "binding/worker_thread.h"
#include "ebpf/table.h"

namespace nodeplane::binding {

/** JavaScript's EbpfTable: commits on the JavaScript thread, and everything slower on a thread of its own. */
class EbpfObject : public Napi::ObjectWrap<EbpfObject> {
 public:
  static Napi::Function define(Napi::Env env);

  explicit EbpfObject(const Napi::CallbackInfo& info);

 private:
  /** The thread that prepares and lets go, in the namespace whose devices are followed. */
  struct Tools {
    std::shared_ptr<ebpf::Table> table;
    std::function<bool()> closing;

    ~Tools() { table->close(); }
  };
  using Worker = WorkerThread<Tools>;

  Napi::Value exists(const Napi::CallbackInfo& info);
  Napi::Value load(const Napi::CallbackInfo& info);
  Napi::Value prepare(const Napi::CallbackInfo& info);
  Napi::Value commit(const Napi::CallbackInfo& info);
  Napi::Value commitInBackground(const Napi::CallbackInfo& info);
  Napi::Value read(const Napi::CallbackInfo& info);
  Napi::Value drop(const Napi::CallbackInfo& info);
  Napi::Value deleteStale(const Napi::CallbackInfo& info);
  Napi::Value track(const Napi::CallbackInfo& info);
  Napi::Value isTracked(const Napi::CallbackInfo& info);
  Napi::Value programs(const Napi::CallbackInfo& info);
  Napi::Value run(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);

  ebpf::Table& openTable();
  Napi::Value inBackground(Napi::Env env, Worker::Work work);

  uint8_t family_ = 0;
  std::shared_ptr<ebpf::Table> table_;
  /** Nothing after close(). */
  std::unique_ptr<Worker> worker_;
};

}  // namespace nodeplane::binding
